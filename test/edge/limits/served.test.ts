import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runHere } from '../../support/command-here.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { RawServer } from '../../support/serve.ts'

function configWith(limits: string): string {
  const database = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (1)')
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(config, `sources: { main: { url: 'sqlite:${database}' } }\nlimits: ${limits}\n`)
  return config
}

test('a client over stdio is told in the answer when to come back', async () => {
  const server = new RawServer(configWith('{ per_tool: { query_database: 2/h } }'))
  await server.initialize()
  await server.query(1, 'SELECT a FROM t')
  await server.query(2, 'SELECT a FROM t')
  const refused = await server.query(3, 'SELECT a FROM t')
  expect(refused).toMatchObject({
    result: {
      isError: true,
      structuredContent: {
        error: {
          code: 'rate_limited',
          message: 'The limit of calls of query_database is used up: 2 per hour.',
          retryable: true,
          retry_after_ms: expect.any(Number) as number,
        },
      },
    },
  })
  expect(await server.call(4, 'get_schema', {})).not.toMatchObject({ result: { isError: true } })
  server.process.stdin.end()
  expect(await server.ended()).toBe(0)
})

test('a limit of a tool that is not there is a mistake in the config', async () => {
  const ran = await runHere([
    'query',
    configWith('{ per_tool: { query_databse: 2/h } }'),
    'SELECT 1',
  ])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/no tool query_databse[^]*query_database/)
})

test('a wrong limit is told with its place, and the URL of the store never', async () => {
  const config = configWith(
    // A database is a number.
    '{ per_actor: 5 per second, daily_bytes: 3, store: "redis://x:s3cret@h/shop", when_store_fails: no }',
  )
  const { code, stdout } = await runHere(['check', config])
  expect(code).toBe(2)
  expect(stdout).toMatch(/limits\.per_actor[^]*20\/s, 300\/m or 1000\/h/)
  expect(stdout).toMatch(/limits\.daily_bytes/)
  expect(stdout).toMatch(/limits\.store[^]*redis:\/\//)
  expect(stdout).toMatch(/limits\.when_store_fails/)
  expect(stdout.replaceAll(/^ *\d* *\|.*$/gm, '')).not.toContain('s3cret')
})
