/** Ctrl-C at the agent ends the statement in the database, not only the wait for it. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createScriptedProvider, openAgent, type ServerSpec } from '../../dist/agent/index.js'
import { hasPostgres, makePostgres, type TestDatabase } from '../support/postgres.ts'
import { scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'
import { mainPath } from '../support/serve.ts'
import { vitrineOver } from './servers.ts'
import { use } from './support.ts'

const endless = 'SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b'
const patient = { timeout: 20_000, interval: 100 }
/** Less than any statement may take: it is the cancellation that ended it. */
const quick = { timeout: 8000, interval: 100 }

const running = async ({ name, run }: TestDatabase): Promise<number> => {
  const rows = await run(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = '${name}' AND state = 'active' AND query ~ 'generate_series' AND pid <> pg_backend_pid()`,
  )
  return rows.length
}

const reaches = [
  ['stdio', (url: string): Promise<ServerSpec> => Promise.resolve(vitrineOver(url))],
  [
    'HTTP',
    async (target: string): Promise<ServerSpec> => {
      const url = await serveHere({ config: { sources: { main: { url: target } } } })
      return { name: 'shop', trusted: true, reach: { kind: 'http', url: url.href, headers: {} } }
    },
  ],
] as const

describe.skipIf(!hasPostgres)('a statement that runs long in PostgreSQL', () => {
  test.each(reaches)(
    'over %s is gone from the database when the run is cancelled',
    async (_over, reach) => {
      const database = await makePostgres()
      const agent = await openAgent({
        servers: [await reach(database.url())],
        provider: createScriptedProvider([
          { content: [use('shop__query_database', { query: endless })] },
        ]),
      })
      onTestFinished(() => agent.close())
      const stop = new AbortController()
      const asking = agent.ask('How many?', { signal: stop.signal })
      await expect.poll(() => running(database), patient).toBe(1)
      stop.abort()
      expect((await asking).status).toBe('cancelled')
      await expect.poll(() => running(database), quick).toBe(0)
    },
  )

  test('is gone from the database when vitrine ask gets a Ctrl-C', async () => {
    const database = await makePostgres()
    const script = join(scratchFolder(), 'script.json')
    writeFileSync(
      script,
      JSON.stringify([{ content: [use('vitrine__query_database', { query: endless })] }]),
    )
    const args = [mainPath, 'ask', 'How many?', database.url(), '--script', script]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    await expect.poll(() => running(database), patient).toBe(1)
    child.kill('SIGINT')
    expect(await ended).toBe(1)
    expect(said).toMatch(/Cancelled\./)
    await expect.poll(() => running(database), quick).toBe(0)
  })
})
