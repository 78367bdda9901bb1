/** The least a server over HTTP can be: the official SDK and its adapter, the same SQLite driver in process. */
import { createServer, type RequestListener } from 'node:http'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { createBareServer } from './bare-server.ts'

const [, , database = '', port = '0', adapter = ''] = process.argv
const { toNodeHandler } = (await import(adapter)) as {
  readonly toNodeHandler: (handler: object) => RequestListener
}
createServer(toNodeHandler(createMcpHandler(createBareServer(database)))).listen(
  Number(port),
  '127.0.0.1',
)
