/**
 * A Messages API on this machine that answers from a script. It refuses what the real one refuses, so
 * that a loop that passes here keeps to the rules; it knows nothing of models.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopReasonOf } from '../../agent/scripted.ts'
import { type StreamEvent, toEvents } from './events.ts'
import type { FakeScript, FakeTurn, Fault, JournalEntry, RequestBody } from './script.ts'
import { TokenCounter } from './usage.ts'
import { flawOf } from './validate.ts'

export interface FakeMessagesApi {
  /** What the SDK takes as `baseURL`. */
  readonly url: string
  /** Every request so far, the refused ones as well. */
  readonly journal: readonly JournalEntry[]
  readonly close: () => Promise<void>
}

const longestBody = 64 * 1024 * 1024

export async function startFakeMessagesApi(script: FakeScript): Promise<FakeMessagesApi> {
  const fake = new Fake(script)
  const server = createServer((request, response) => void fake.answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    journal: fake.journal,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

class Fake {
  readonly journal: JournalEntry[] = []
  readonly #script: FakeScript
  readonly #tokens = new TokenCounter()
  #next = 0

  constructor(script: FakeScript) {
    this.#script = script
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request).catch(() => undefined)
    if (raw === undefined) return void response.destroy()
    const { body, flaw } = this.#judge(request, raw)
    const turn = flaw === undefined ? this.#take(body) : undefined
    const refused = flaw ?? turn?.fault?.kind
    this.journal.push({ body, raw, headers: request.headers, refused })
    if (flaw !== undefined) return fail(response, { status: 400, message: flaw })
    if (turn === undefined)
      return fail(response, { status: 500, message: 'the script is at its end' })
    if (turn.fault?.kind === 'status') {
      return fail(response, { ...turn.fault, message: `scripted ${turn.fault.status}` })
    }
    await this.#reply(body, turn, response)
  }

  #judge(request: IncomingMessage, raw: string): { body: RequestBody; flaw: string | undefined } {
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1')
    if (request.method !== 'POST' || pathname !== '/v1/messages') {
      return { body: {}, flaw: `there is no ${request.method} ${pathname}` }
    }
    try {
      const body = JSON.parse(raw) as RequestBody
      return { body, flaw: flawOf(body) }
    } catch {
      return { body: {}, flaw: 'the body is no JSON' }
    }
  }

  #take(body: RequestBody): FakeTurn | undefined {
    const index = this.#next
    this.#next += 1
    return typeof this.#script === 'function' ? this.#script(body, index) : this.#script[index]
  }

  async #reply(body: RequestBody, turn: FakeTurn, response: ServerResponse): Promise<void> {
    const { content = [], stop_reason = stopReasonOf(content), usage } = turn
    const counted = { ...this.#tokens.count(body, content), ...usage }
    const reply = { model: body.model ?? '', content, stop_reason, usage: counted }
    const id = `msg_fake_${this.journal.length}`
    if (body.stream !== true) {
      return sendJson(response, 200, { id, type: 'message', role: 'assistant', ...reply })
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${id}` })
    await stream(response, toEvents(id, reply), turn.fault)
  }
}

async function stream(
  response: ServerResponse,
  events: readonly StreamEvent[],
  fault: Fault | undefined,
): Promise<void> {
  const last = fault !== undefined && 'afterEvents' in fault ? fault.afterEvents : events.length
  const [first, ...rest] = events.slice(0, last)
  if (first !== undefined) await write(response, first, fault)
  if (fault?.kind === 'pings') await ping(response, fault)
  for (const event of rest) await write(response, event, fault)
  if (fault?.kind === 'stall') return
  if (fault?.kind === 'error') {
    response.write(toLines({ type: 'error', error: { type: fault.type, message: 'scripted' } }))
  }
  if (fault?.kind !== 'cut') return void response.end()
  // What was written is to arrive first.
  await sleep(5)
  response.destroy()
}

async function write(
  response: ServerResponse,
  event: StreamEvent,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'slow') await sleep(fault.delayMs)
  if (!response.destroyed) response.write(toLines(event))
}

async function ping(
  response: ServerResponse,
  { count, everyMs }: Fault & { kind: 'pings' },
): Promise<void> {
  for (let sent = 0; sent < count && !response.destroyed; sent += 1) {
    response.write(toLines({ type: 'ping' }))
    await sleep(everyMs)
  }
}

const toLines = (event: StreamEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function fail(
  response: ServerResponse,
  { status, message, retryAfter }: { status: number; message: string; retryAfter?: number },
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
  const type = errorTypes[status] ?? 'api_error'
  sendJson(response, status, { type: 'error', error: { type, message } })
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > longestBody) throw new Error('too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
