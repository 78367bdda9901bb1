import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WhenDone } from '../../dist/testing/index.js'
import { readCorpus } from '../support/corpus.ts'
import { type CorpusFixture, testCorpus } from '../support/corpus-suite.ts'
import {
  describeOnEach,
  makeMysqlDatabase,
  type TestDatabase,
  type TestServer,
} from '../support/mysql.ts'
import { scratchFolder } from '../support/scratch.ts'

const canary = 'CANARY-7c1e'

describeOnEach('on $title, as root', (server) => {
  testCorpus({
    engine: 'mysql',
    make: (whenDone) => makeFixture(server, whenDone),
    canary,
    atLeast: { reject: 81, allow: 41, bounded: 11 },
  })
})

/** The fixture in a database of its own; the corpus says `corpus`, the user it makes is left out. */
async function makeFixture(server: TestServer, whenDone: WhenDone): Promise<CorpusFixture> {
  const database = await makeMysqlDatabase(server, [], whenDone)
  const text = readCorpus('fixture.mysql.sql')
    .replace(/^DROP DATABASE.*$/m, '')
    .replace(/^CREATE USER.*$/m, '')
  for (const part of text.split(/^DELIMITER .*$/m)) {
    const routines = part.includes('CREATE FUNCTION')
    for (const sql of routines ? part.split('//') : [part]) {
      if (sql.trim() !== '') await database.admin.query(sql)
    }
  }
  const folder = scratchFolder(whenDone)
  mkdirSync(join(folder, 'out'), { mode: 0o777 })
  writeFileSync(join(folder, 'secret.csv'), `id,v\n1,${canary}\n`)
  return {
    url: database.url,
    fill: (sql) =>
      sql.replaceAll('{{FX}}', `${folder}/out`).replaceAll(/\bcorpus\b/g, database.name),
    state: () => stateOf(database, folder),
  }
}

async function stateOf({ admin, name }: TestDatabase, folder: string): Promise<string> {
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
