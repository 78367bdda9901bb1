import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

const chart = fileURLToPath(new URL('../../deploy/helm/vitrine', import.meta.url))
const hasHelm = spawnSync('helm', ['version']).status === 0
if (!hasHelm) console.warn('The chart is not tested: there is no helm here.')

const source = 'config.sources.orders.url=${SHOP_DATABASE_URL}'
const everything = ['autoscaling.enabled=true', 'serviceMonitor.enabled=true', 'drainSeconds=7']

interface Manifest {
  readonly kind: string
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly { readonly securityContext: object }[]
      }
    }
  }
}

const render = (): readonly Manifest[] =>
  parseAllDocuments(
    execFileSync('helm', ['template', 'team', chart, '--set', [source, ...everything].join(',')], {
      encoding: 'utf8',
    }),
  ).map((document) => document.toJS() as Manifest)

test.skipIf(!hasHelm)('the chart is sound, and renders all that it may bring', () => {
  execFileSync('helm', ['lint', '--strict', chart, '--set', source])
  expect(new Set(render().map(({ kind }) => kind))).toEqual(
    new Set([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceMonitor',
    ]),
  )
})

test.skipIf(!hasHelm)('a pod has the time its server needs to end, and may change nothing', () => {
  const manifests = render()
  const pod = manifests.find(({ kind }) => kind === 'Deployment')?.spec?.template?.spec
  expect(pod?.terminationGracePeriodSeconds).toBe(7 + 15 + 5)
  expect(pod?.containers[0]?.securityContext).toMatchObject({ readOnlyRootFilesystem: true })
  const config = manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['vitrine.yaml']
  expect(config).toContain('drain: 7s')
})

test.skipIf(!hasHelm)('the config that the chart makes is one that Vitrine reads', async () => {
  const config = render().find(({ kind }) => kind === 'ConfigMap')?.data?.['vitrine.yaml'] ?? ''
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(path, config)
  const env = { SHOP_DATABASE_URL: 'postgres://reader@db.example/shop' }
  const { http, sources } = await loadConfig(path, env)
  expect(http.auth?.tokens).toBe('/secrets/tokens.yaml')
  expect(http.drainMs).toBe(7000)
  expect(sources.map(({ name }) => name)).toEqual(['orders'])
})

test.skipIf(!hasHelm)('nothing is installed that shows nothing', () => {
  const { status, stderr } = spawnSync('helm', ['template', 'team', chart], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toContain('config.sources names no database')
})
