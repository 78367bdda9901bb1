import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { onTestFinished } from 'vitest'
import { makeDatabase, scratchFolder } from './scratch.ts'
import { serveHere } from './serve-here.ts'
import { serverCommand } from './serve.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A folder with these files in it, those in folders below as well. */
export function makeFiles(files: Files, folder = scratchFolder()): string {
  for (const [path, text] of Object.entries(files)) {
    const whole = join(folder, path)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, text)
  }
  return folder
}

const shop = `CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, status TEXT);
  INSERT INTO customers VALUES (1, 'Ana', 'ana@example.com'), (2, 'Bo', 'bo@example.com'), (12, 'Cy', NULL);
  INSERT INTO orders VALUES (1, 1, 'paid'), (2, 1, 'new'), (3, 2, 'paid')`

/** A config over a small shop, with files beside it. Gives its path. */
export function makeShop(more: string, files: Files = {}, folder = scratchFolder()): string {
  makeFiles(files, folder)
  makeDatabase(shop, join(folder, 'shop.db'))
  const path = join(folder, 'vitrine.yaml')
  const source = `url: 'sqlite:./shop.db', context: ./notes.md, columns: { customers.email: mask }`
  writeFileSync(join(folder, 'notes.md'), 'Money is in cents.')
  writeFileSync(path, `sources:\n  shop: { ${source} }\n${more}`)
  return path
}

export type Mode = 'legacy' | { pin: string }

export const modern: Mode = { pin: '2026-07-28' }

export async function connectStdio(config: string, mode: Mode = modern): Promise<Client> {
  const transport = new StdioClientTransport({ ...serverCommand(config), stderr: 'ignore' })
  return connect(transport, mode)
}

export const connectHttp = (url: URL, mode: Mode = modern, token?: string): Promise<Client> =>
  connect(
    new StreamableHTTPClientTransport(url, {
      requestInit: token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    }),
    mode,
  )

/** Of a server in this process. */
export const connectHere = async (config: string, mode: Mode = modern): Promise<Client> =>
  connectHttp(await serveHere({ config }), mode)

export const connectSse = (url: URL): Promise<Client> =>
  connect(new SSEClientTransport(new URL('/sse', url)), 'legacy')

async function connect(
  transport: StdioClientTransport | StreamableHTTPClientTransport | SSEClientTransport,
  mode: Mode,
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

/** What a resource holds. */
export async function textOf(client: Client, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri })
  const [content] = contents
  return content && 'text' in content ? content.text : content
}
