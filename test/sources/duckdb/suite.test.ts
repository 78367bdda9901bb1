import { dirname, join } from 'node:path'
import { createGuard } from '../../../dist/guard/guard.js'
import { DuckdbSource } from '../../../dist/sources/duckdb/driver.js'
import { testSource } from '../../../dist/testing/index.js'
import { folderState, makeDuckdb } from '../../support/duckdb.ts'
import { scratchFolder } from '../../support/scratch.ts'

testSource({
  title: 'DuckDB',
  words: {
    endless:
      'WITH RECURSIVE n(i) AS (SELECT 1::HUGEINT UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    rows: (count) => `SELECT i FROM range(${count}) r(i)`,
    text: (letters) => `SELECT repeat('x', ${letters})`,
    bytes: String.raw`SELECT '\x00\xff\x10'::BLOB`,
    decimal: 'SELECT 12345678901234567890.5',
    explain: 'EXPLAIN SELECT * FROM orders',
    hostile: [
      "COPY orders TO 'x.csv'",
      "EXPORT DATABASE 'x'",
      "ATTACH 'x.duckdb'",
      'SET threads = 64',
      'PRAGMA enable_profiling',
      "SELECT * FROM read_text('/etc/passwd')",
      'CHECKPOINT',
    ],
  },
  async open(setup, visibility, whenDone) {
    const path = await makeDuckdb(setup.join(';'), join(scratchFolder(whenDone), 'test.duckdb'))
    const source = new DuckdbSource({
      name: 'main',
      path,
      memoryBytes: 2 ** 29,
      concurrency: 4,
      longestMs: 60_000,
    })
    whenDone(() => source.close())
    return {
      source,
      guard: await createGuard('duckdb', visibility),
      state: async () => folderState(dirname(path)),
    }
  },
})
