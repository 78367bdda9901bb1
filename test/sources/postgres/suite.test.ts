import { describe } from 'vitest'
import { createGuard } from '../../../dist/guard/guard.js'
import { PostgresSource } from '../../../dist/sources/postgres/driver.js'
import { testSource } from '../../../dist/testing/index.js'
import { hasPostgres, makePostgres } from '../../support/postgres.ts'
import { stateOf } from '../../support/postgres-state.ts'

describe.runIf(hasPostgres)('with a superuser', () => {
  testSource({
    title: 'PostgreSQL',
    words: {
      endless:
        'WITH RECURSIVE n(i) AS (SELECT 1::numeric UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
      rows: (count) => `SELECT i FROM generate_series(1, ${count}) AS g(i)`,
      text: (letters) => `SELECT repeat('x', ${letters})`,
      bytes: "SELECT '\\x00ff10'::bytea",
      decimal: 'SELECT 12345678901234567890.5',
      explain: 'EXPLAIN SELECT * FROM orders',
      hostile: [
        'SET statement_timeout = 0',
        'SELECT * INTO x FROM orders',
        'SELECT * FROM orders FOR UPDATE',
        'SELECT pg_advisory_lock(1)',
        "SELECT set_config('search_path', 'x', false)",
        'EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1',
      ],
    },
    async open(setup, visibility, whenDone) {
      const database = await makePostgres(setup.join(';'), whenDone)
      const source = new PostgresSource({ name: 'main', url: database.url(), concurrency: 4 })
      whenDone(() => source.close())
      const guard = await createGuard('postgres', visibility)
      return { source, guard, state: () => stateOf(database) }
    },
  })
})
