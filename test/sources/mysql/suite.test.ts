import { testSource } from '../../../dist/testing/index.js'
import {
  describeOnEach,
  makeMysqlDatabase,
  openMysqlSource,
  type TestDatabase,
} from '../../support/mysql.ts'

describeOnEach('on $title', (server) => {
  testSource({
    title: server.title,
    words: {
      endless: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        SELECT count(DISTINCT md5(concat(a.i, b.i, c.i))) FROM n a, n b, n c`,
      rows: (count) =>
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n`,
      text: (letters) => `SELECT repeat('x', ${letters})`,
      bytes: "SELECT x'00ff10'",
      decimal: 'SELECT 12345678901234567890.5',
      explain: 'EXPLAIN SELECT * FROM orders',
      hostile: [
        'SET SESSION tx_read_only = 0',
        'SELECT 1 INTO @a',
        'SELECT @a := 1',
        "SELECT 'x' INTO OUTFILE '/tmp/vitrine_test_outfile'",
        "SELECT load_file('/etc/passwd')",
        "SELECT get_lock('x', 1)",
        'SELECT sleep(1)',
        'SELECT /*! sleep(1) */',
        'SELECT * FROM orders FOR UPDATE',
        'SELECT user FROM mysql.user',
      ],
    },
    async open(setup, visibility, whenDone) {
      const database = await makeMysqlDatabase(server, setup, whenDone)
      const { source, guard } = await openMysqlSource(database.url, { visibility, whenDone })
      return { source, guard, state: () => stateOf(database) }
    },
  })
})

async function stateOf({ admin, name }: TestDatabase): Promise<string> {
  const [tables] = await admin.query(
    'SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1',
    [name],
  )
  const [rows] = await admin.query(`CHECKSUM TABLE ${name}.customers, ${name}.orders`)
  return JSON.stringify([tables, rows])
}
