/** The least a server can be: the official SDK, the same SQLite driver in process, rows as objects. */
import { McpServer } from '@modelcontextprotocol/server'
import { DatabaseSync } from '@photostructure/sqlite'
import { z } from 'zod'

const mostRows = 50
const inputSchema = z.object({ query: z.string().describe('One SQL statement') })

/** A factory of such servers over one database. */
export function createBareServer(path: string): () => McpServer {
  const database = new DatabaseSync(path, { readOnly: true })
  return () => {
    const server = new McpServer({ name: 'bare', version: '1.0.0' })
    server.registerTool('query_database', { description: 'Run SQL', inputSchema }, ({ query }) => {
      const rows = []
      for (const row of database.prepare(query).iterate()) {
        if (rows.push(row) === mostRows) break
      }
      return { content: [{ type: 'text', text: JSON.stringify(rows) }] }
    })
    return server
  }
}
