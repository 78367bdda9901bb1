import pg from 'pg'
import { describe } from 'vitest'
import { openTestSource } from '../../support/open.ts'
import { hasPostgresServer, makePostgresServer } from '../../support/own-server.ts'
import { testRestart } from '../../support/restart-suite.ts'

describe.runIf(hasPostgresServer)('the connections of a source', () => {
  testRestart('a PostgreSQL server', async () => {
    const server = await makePostgresServer()
    return {
      server,
      served: await openTestSource('', { url: server.url, limits: { timeoutMs: 10_000 } }),
      endless:
        'WITH RECURSIVE n(i) AS (SELECT 1::numeric UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
      connections: () => connectionsTo(server.url),
    }
  })
})

async function connectionsTo(url: string): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  )
  await client.end()
  return rows.length
}
