/** A server over HTTP while it is measured: a port for it, its first answer, load from another process. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Load, Loaded } from './http-load.ts'
import type { HttpContender } from './http-servers.ts'

const run = promisify(execFile)
const startMs = 20_000

/** Waits until it answers; gives the headers of a call, with the session of servers that keep one. */
export async function handshake(
  url: string,
  server: HttpContender,
): Promise<Record<string, string>> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
    ...server.headers?.(),
  }
  const clientInfo = { name: 'bench', version: '1' }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
  const deadline = performance.now() + startMs
  for (;;) {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body })
      const session = answer.headers.get('mcp-session-id')
      await answer.text()
      if (answer.ok)
        return { ...headers, ...(session === null ? {} : { 'mcp-session-id': session }) }
    } catch {
      // Not there yet.
    }
    if (performance.now() > deadline) throw new Error(`it did not answer within ${startMs} ms`)
    await pause(50)
  }
}

export async function generate(load: Load): Promise<Loaded> {
  const file = fileURLToPath(new URL('http-load.js', import.meta.url))
  const { stdout } = await run(process.execPath, [file, JSON.stringify(load)])
  return JSON.parse(stdout) as Loaded
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
