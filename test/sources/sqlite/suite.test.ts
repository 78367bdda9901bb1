import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createGuard } from '../../../dist/guard/guard.js'
import { SqliteSource } from '../../../dist/sources/sqlite/driver.js'
import { testSource } from '../../../dist/testing/index.js'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'

testSource({
  title: 'SQLite',
  words: {
    endless: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    rows: (count) =>
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${count}) SELECT i FROM n`,
    text: (letters) => `SELECT substr(replace(hex(zeroblob(${letters})), '0', 'x'), 1, ${letters})`,
    bytes: "SELECT x'00ff10'",
    decimal: "SELECT '12345678901234567890.5'",
    explain: 'EXPLAIN QUERY PLAN SELECT * FROM orders',
    hostile: [
      'PRAGMA query_only = 0',
      "ATTACH ':memory:' AS x",
      "VACUUM INTO 'x.db'",
      "SELECT load_extension('x')",
    ],
  },
  async open(setup, visibility, whenDone) {
    const path = makeDatabase(setup.join(';'), join(scratchFolder(whenDone), 'test.db'))
    const source = new SqliteSource({
      name: 'main',
      path,
      memoryBytes: 2 ** 29,
      concurrency: 4,
      longestMs: 60_000,
    })
    whenDone(() => source.close())
    return {
      source,
      guard: await createGuard('sqlite', visibility),
      state: async () => stateOf(path),
    }
  },
})

/** Every file of the database's folder, with what is in it. */
const stateOf = (path: string): string =>
  readdirSync(dirname(path))
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(dirname(path), name)))
          .digest('hex')}`,
    )
    .join('\n')
