/** The least a server can be: the official SDK, the same driver in process, rows as objects. */
import { McpServer } from '@modelcontextprotocol/server'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import { z } from 'zod'

const mostRows = 50
const inputSchema = z.object({ query: z.string().describe('One SQL statement') })

type Ask = (query: string) => Promise<readonly unknown[]>

/** A factory of such servers over one database. */
export function createBareServer(url: string): () => McpServer {
  const ask = url.startsWith('postgres:') ? openPostgres(url) : openSqlite(url)
  return () => {
    const server = new McpServer({ name: 'bare', version: '1.0.0' })
    server.registerTool(
      'query_database',
      { description: 'Run SQL', inputSchema },
      async ({ query }) => ({
        content: [{ type: 'text', text: JSON.stringify(await ask(query)) }],
      }),
    )
    return server
  }
}

function openSqlite(url: string): Ask {
  const database = new DatabaseSync(url.replace(/^sqlite:/, ''), { readOnly: true })
  return async (query) => {
    const rows: unknown[] = []
    for (const row of database.prepare(query).iterate()) {
      if (rows.push(row) === mostRows) break
    }
    return rows
  }
}

function openPostgres(connectionString: string): Ask {
  const pool = new pg.Pool({ connectionString })
  return async (query) => (await pool.query(query)).rows.slice(0, mostRows) as unknown[]
}
