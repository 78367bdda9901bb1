import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

const chart = fileURLToPath(new URL('../../deploy/helm/vitrine', import.meta.url))
const hasHelm = spawnSync('helm', ['version']).status === 0
if (!hasHelm) console.warn('The chart is not tested: there is no helm here.')

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
    execFileSync('helm', ['template', 'team', chart, '--set', everything.join(',')], {
      encoding: 'utf8',
    }),
  ).map((document) => document.toJS() as Manifest)

test.skipIf(!hasHelm)('the chart is sound, and renders all that it may bring', () => {
  execFileSync('helm', ['lint', '--strict', chart])
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
