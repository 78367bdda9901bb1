import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { mainPath } from './serve.ts'

export interface HttpServer {
  /** Of /mcp. */
  readonly url: URL
  readonly process: ChildProcessByStdio<null, null, Readable>
  /** What it said on stderr so far. */
  stderr(): string
  /** The exit code, once it has ended. */
  ended(): Promise<number | null>
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv
  /** More of the command line. */
  readonly args?: readonly string[]
  /** What ends it: the end of the test, or `shared` its file. */
  readonly whenDone?: WhenDone
  /** Any port of this machine where left out. */
  readonly address?: string
}

/** The built server on a port of its own, as an operator starts it. */
export async function startHttpServer(
  target: string,
  { env = {}, args = [], whenDone = onTestFinished, address = '127.0.0.1:0' }: StartOptions = {},
): Promise<HttpServer> {
  const child = spawn(process.execPath, [mainPath, 'serve', target, '--http', address, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  whenDone(() => void child.kill('SIGKILL'))
  let said = ''
  const url = await new Promise<URL>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [, found] = /(http:\/\/\S+\/mcp)/.exec(said) ?? []
      if (found !== undefined) resolve(new URL(found))
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
  return {
    url,
    process: child,
    stderr: () => said,
    ended: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) resolve(child.exitCode)
        child.once('exit', resolve)
      }),
  }
}

const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly meta?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

/** A call of 2026-07-28, written by hand. */
export const modernCall = (
  url: URL,
  [name, input]: readonly [name: string, input: object],
  { headers = {}, meta = {}, signal }: Sent = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input, _meta: { ...modern, ...meta } },
    }),
    ...(signal && { signal }),
  })

/** The same of the revisions before, as clients without a handshake send it. */
export const legacyCall = (
  url: URL,
  [name, input]: readonly [name: string, input: object],
  { headers = {}, meta, signal }: Sent = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input, ...(meta && { _meta: meta }) },
    }),
    ...(signal && { signal }),
  })
