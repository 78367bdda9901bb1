import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

interface Door {
  /** Opens streams of HTTP+SSE; gives what each was answered. */
  readonly streams: (name: string, count: number) => Promise<readonly Stream[]>
  /** The status that `subscriptions/listen` is answered with. */
  readonly listen: (name: string) => Promise<number>
}

interface Stream {
  readonly status: number
  end(): void
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

const subscription = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: { notifications: { toolsListChanged: true }, _meta: meta },
})

async function open(): Promise<Door> {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db } }
http:
  auth: { proxy: { from: [127.0.0.1], tools: all, sources: all } }
  legacy_sse: true
`,
  )
  const url = await serveHere({ config })
  // A response that nobody holds any more is cancelled by fetch, whenever memory is tidied up.
  const held: Response[] = []
  const ask = async (path: string, name: string, init: RequestInit = {}): Promise<Stream> => {
    const gone = new AbortController()
    onTestFinished(() => gone.abort())
    const headers = { ...(init.headers as Record<string, string>), 'x-vitrine-actor': name }
    const response = await fetch(new URL(path, url), { ...init, headers, signal: gone.signal })
    held.push(response)
    return { status: response.status, end: () => gone.abort() }
  }
  return {
    streams: (name, count) => Promise.all(Array.from({ length: count }, () => ask('/sse', name))),
    async listen(name) {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      }
      return (await ask('/mcp', name, { method: 'POST', headers, body: subscription })).status
    },
  }
}

const statusesOf = (streams: readonly Stream[]): object =>
  Object.fromEntries(
    [200, 429, 503].map((wanted) => [
      wanted,
      streams.filter(({ status }) => status === wanted).length,
    ]),
  )

test('one actor cannot take the places of the others, whatever kind of stream is opened', async () => {
  const { streams, listen } = await open()
  const opened = await streams('ana', 60)
  expect(statusesOf(opened)).toEqual({ 200: 50, 429: 10, 503: 0 })
  expect(await listen('ana')).toBe(429)
  expect(await listen('bob')).toBe(200)
  expect(statusesOf(await streams('bob', 1))).toEqual({ 200: 1, 429: 0, 503: 0 })
  for (const stream of opened) stream.end()
  const listens = async (): Promise<void> => expect(await listen('ana')).toBe(200)
  const waiting = { timeout: 10_000 }
  for (let place = 0; place < 50; place++) await vi.waitFor(listens, waiting)
  expect(await listen('ana')).toBe(429)
})

test('all actors together have 200 streams of HTTP+SSE', async () => {
  const { streams } = await open()
  const opened = await Promise.all(
    ['ana', 'ben', 'cem', 'dua', 'eva'].map((name) => streams(name, 50)),
  )
  expect(statusesOf(opened.flat())).toEqual({ 200: 200, 429: 0, 503: 50 })
})
