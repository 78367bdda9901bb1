import { createConnection } from 'mysql2/promise'
import { describe } from 'vitest'
import { openMysqlSource } from '../../support/mysql.ts'
import { hasMariadbServer, makeMariadbServer } from '../../support/own-server.ts'
import { testRestart } from '../../support/restart-suite.ts'

describe.runIf(hasMariadbServer)('the connections of a source', () => {
  testRestart('a MariaDB server', async () => {
    const server = await makeMariadbServer()
    return {
      server,
      served: await openMysqlSource(`${server.url}/mysql`, { limits: { timeoutMs: 10_000 } }),
      endless: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        SELECT count(DISTINCT md5(concat(a.i, b.i, c.i))) FROM n a, n b, n c`,
      connections: () => connectionsTo(server.url.replace('mariadb:', 'mysql:')),
    }
  })
})

async function connectionsTo(url: string): Promise<number> {
  const connection = await createConnection(url)
  const [rows] = await connection.query(
    "SELECT id FROM information_schema.PROCESSLIST WHERE id <> connection_id() AND user = 'root'",
  )
  await connection.end()
  return (rows as unknown[]).length
}
