import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { legacyCall, modernCall, startHttpServer } from '../support/http-server.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
const endlessInPostgres =
  'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b'

function writeConfig(text: string): string {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(path, text)
  return path
}

test.runIf(hasPostgres).each([
  ['answered plainly', modernCall, {}],
  ['that asked for progress', modernCall, { meta: { progressToken: 'p' } }],
  ['of the revisions before', legacyCall, {}],
])(
  'a client that hangs up ends the statement in the database: a call %s',
  async (_name, call, sent) => {
    const database = await makePostgres()
    const { url } = await startHttpServer(database.url())
    const gone = new AbortController()
    const running = (): Promise<unknown[][]> =>
      database.run(
        `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()`,
      )
    const asked = call(url, ['query_database', { query: endlessInPostgres }], {
      ...sent,
      signal: gone.signal,
    }).then(
      (response) => response.text(),
      () => 'gone',
    )
    await vi.waitFor(async () => expect(await running()).toHaveLength(1), { timeout: 10_000 })
    gone.abort()
    await asked.catch(() => undefined)
    await vi.waitFor(async () => expect(await running()).toEqual([]), { timeout: 2000 })
  },
)

test('SIGTERM truncates nothing: what runs is answered, new calls are taken while balancers turn away', async () => {
  const server = await startHttpServer(
    writeConfig(`sources:
  shop: { url: 'sqlite:${makeDatabase('CREATE TABLE t(a)')}', limits: { timeout: 3s, job_timeout: 0s } }
http: { drain: 1s }
`),
  )
  const ready = new URL('/readyz', server.url)
  await vi.waitFor(async () => expect((await fetch(ready)).status).toBe(200), { timeout: 10_000 })
  const slow = modernCall(server.url, ['query_database', { query: endless }])
  const streamed = modernCall(server.url, ['query_database', { query: endless }], {
    meta: { progressToken: 'p' },
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  server.process.kill('SIGTERM')
  await vi.waitFor(async () => expect((await fetch(ready)).status).toBe(503))
  const late = await modernCall(server.url, ['query_database', { query: 'SELECT 1' }])
  expect(await late.json()).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
  const answer = { result: { structuredContent: { error: { code: 'timed_out' } } } }
  expect(await (await slow).json()).toMatchObject(answer)
  const frames = (await (await streamed).text()).matchAll(/^data: (.*)$/gm)
  expect(JSON.parse([...frames].at(-1)?.[1] ?? '')).toMatchObject(answer)
  expect(await server.ended()).toBe(0)
})

test('Ctrl-C does not wait for load balancers', async () => {
  const server = await startHttpServer(
    writeConfig(`sources: { shop: { url: 'sqlite:${makeDatabase('SELECT 1')}' } }
http: { drain: 300s }
`),
  )
  server.process.kill('SIGINT')
  expect(await server.ended()).toBe(0)
})
