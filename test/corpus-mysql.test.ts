import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { type CorpusStatement, hasCorpus, readCorpus, readLines } from './support/corpus.ts'
import { makeMysqlDatabase, servers, type TestServer } from './support/mysql.ts'
import { scratchFolder } from './support/scratch.ts'
import { RawServer } from './support/serve.ts'

const canary = 'CANARY-7c1e'

interface Fixture {
  readonly admin: Connection
  readonly name: string
  readonly url: string
  readonly folder: string
}

/** The fixture in a database of its own; the corpus says `corpus`, the user it makes is left out. */
async function makeFixture(server: TestServer): Promise<Fixture> {
  const { admin, name, url } = await makeMysqlDatabase(server, [])
  const text = readCorpus('fixture.mysql.sql')
    .replace(/^DROP DATABASE.*$/m, '')
    .replace(/^CREATE USER.*$/m, '')
  for (const part of text.split(/^DELIMITER .*$/m)) {
    const routines = part.includes('CREATE FUNCTION')
    for (const sql of routines ? part.split('//') : [part]) {
      if (sql.trim() !== '') await admin.query(sql)
    }
  }
  const folder = scratchFolder()
  mkdirSync(join(folder, 'out'), { mode: 0o777 })
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  return { admin, name, url, folder }
}

async function stateOf({ admin, name, folder }: Fixture): Promise<string> {
  const rows = async (sql: string): Promise<unknown> => (await admin.query(sql))[0]
  return JSON.stringify([
    readdirSync(folder, { recursive: true }),
    await rows(
      `SELECT TABLE_NAME, CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${name}' ORDER BY 1`,
    ),
    await rows(
      `SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${name}' ORDER BY TABLE_NAME, 1`,
    ),
    await rows(`SELECT count(*), max(id) FROM ${name}.audit_log`),
    await rows(`SELECT count(*) FROM ${name}.audit_myisam`),
    await rows(`CHECKSUM TABLE ${name}.customers, ${name}.orders, ${name}.docs`),
    await rows(
      'SHOW GLOBAL VARIABLES WHERE Variable_name IN ("max_connections", "general_log", "local_infile")',
    ),
    await rows("SELECT is_used_lock('evil') IS NULL AS free"),
    await rows(
      'SELECT schema_name FROM information_schema.SCHEMATA WHERE schema_name LIKE "%evil%"',
    ),
    await rows('SELECT user FROM mysql.user WHERE user LIKE "%evil%"'),
  ])
}

type Result = {
  isError?: boolean
  content?: { text: string }[]
  structuredContent?: { truncated?: unknown }
}

async function ask(server: RawServer, id: number, query: string): Promise<Result> {
  return (await server.query(id, query))['result'] ?? { isError: true }
}

const statements = hasCorpus ? readLines<CorpusStatement>('statements/mysql.jsonl') : []
const of = (kind: CorpusStatement['expect']): CorpusStatement[] =>
  statements.filter(({ expect: is }) => is === kind)

const fill = (sql: string, { folder, name }: Fixture): string =>
  sql.replaceAll('{{FX}}', `${folder}/out`).replaceAll(/\bcorpus\b/g, name)

describe.runIf(hasCorpus).each(servers)('the shared corpus on $title, as root', (server) => {
  test('what must be refused has no effect, no rows and no canary', async () => {
    const fixture = await makeFixture(server)
    const tested = new RawServer(fixture.url)
    await tested.initialize()
    const before = await stateOf(fixture)
    for (const [index, { id, sql }] of of('reject').entries()) {
      const { isError = false, content } = await ask(tested, index + 1, fill(sql, fixture))
      const text = JSON.stringify(content)
      expect({ id, sql, isError, state: await stateOf(fixture) }).toEqual({
        id,
        sql,
        isError: true,
        state: before,
      })
      expect([canary, 'root:x:0'].filter((trace) => text.includes(trace))).toEqual([])
    }
    expect(of('reject').length).toBeGreaterThan(80)
  }, 60_000)

  test('what must be allowed is answered', async () => {
    const fixture = await makeFixture(server)
    const tested = new RawServer(fixture.url)
    await tested.initialize()
    for (const [index, { id, sql }] of of('allow').entries()) {
      const { isError = false, content } = await ask(tested, index + 1, fill(sql, fixture))
      expect({ id, sql, isError, content: isError ? content : undefined }).toEqual({
        id,
        sql,
        isError: false,
      })
    }
    expect(of('allow').length).toBeGreaterThan(40)
  }, 60_000)

  test('what must be bounded ends in time, is cut with a notice, and the next question is answered', async () => {
    const fixture = await makeFixture(server)
    const config = join(fixture.folder, 'vitrine.yaml')
    writeFileSync(
      config,
      `sources:\n  fixture:\n    url: ${fixture.url}\n    limits: { timeout: 2s }\n`,
    )
    const tested = new RawServer(config)
    await tested.initialize()
    for (const [index, { id, sql, tags }] of of('bounded').entries()) {
      const started = performance.now()
      const {
        isError = false,
        content,
        structuredContent,
      } = await ask(tested, index * 2 + 1, fill(sql, fixture))
      const late = performance.now() - started > 4000
      expect({ id, sql, late }).toEqual({ id, sql, late: false })
      expect(JSON.stringify(content).length).toBeLessThan(200_000)
      const silent = tags[0] === 'rows' && !isError && structuredContent?.truncated === false
      expect({ id, sql, silent }).toEqual({ id, sql, silent: false })
      expect((await ask(tested, index * 2 + 2, 'SELECT 1')).isError).toBeUndefined()
    }
    expect(of('bounded').length).toBeGreaterThan(10)
  }, 90_000)
})

describe.skipIf(servers.length > 0)('the shared corpus for MySQL', () => undefined)
