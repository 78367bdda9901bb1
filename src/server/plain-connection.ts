import type { JSONRPCMessage, JSONRPCNotification, RequestId } from '@modelcontextprotocol/server'
import { toAppError } from '../base/error.ts'
import { version } from '../base/version.ts'
import { answerCall } from './answer-call.ts'
import type { Peer, ServerParts } from './create-server.ts'
import { toModernResult } from './modern.ts'
import { keptForAWhile, mayChange, notKept, toOffer } from './offer.ts'
import {
  hasExtensions,
  leavesEra,
  type Opening,
  type PlainCall,
  type PlainRequest,
  toOpening,
  toPlainRequest,
} from './plain-request.ts'
import { reportProgress } from './progress.ts'
import type { Toolset } from './toolsets.ts'
import { traceOf } from './trace-of.ts'
import { watchTools } from './watch-tools.ts'

type PlainParts = Omit<ServerParts, 'resourceChanges'>

/**
 * Handshake, list and calls of a connection that stays, without the protocol library: it takes longer to load than
 * all else until the first list, and half of what a quick call costs. All that is not plain is left to the library,
 * which is then given the messages of the handshake; a test holds both ways to the same answers.
 */
export class PlainConnection {
  readonly #parts: PlainParts
  readonly #peer: Peer
  readonly #send: (message: JSONRPCMessage) => void
  #opened: Opening | undefined
  /** It began in a way that is not plain, or began anew: all of it is the library's. */
  #isLeft = false
  /** A client of 2026-07-28 has chosen, with its first request. */
  #isPinned = false
  /** What the library has to know of; undefined once it has been told. */
  #opening: JSONRPCMessage[] | undefined = []
  readonly #running = new Map<RequestId, AbortController>()
  #stopWatching: (() => void) | undefined

  constructor(parts: PlainParts, peer: Peer, send: (message: JSONRPCMessage) => void) {
    this.#parts = parts
    this.#peer = peer
    this.#send = send
  }

  /** False for what the library is to answer. */
  take(message: JSONRPCMessage): boolean {
    if (this.#isLeft) return false
    if (this.#opened === undefined) return this.#open(message)
    if ('method' in message && !('id' in message)) return this.#note(message)
    const request = toPlainRequest(message, this.#opened.era)
    if (request === undefined || !this.#isPlain(request)) {
      this.#isLeft = leavesEra(message, this.#opened.era)
      return false
    }
    if (!this.#isPinned && this.#opened.era === 'modern') {
      this.#isPinned = true
      // The library, where it is there already, has to see it.
      if (this.#opening === undefined) return false
      this.#pin(request)
    }
    switch (request.method) {
      case 'ping':
        this.#answer(request.id, {})
        return true
      case 'tools/list':
        this.#answer(request.id, this.#toolset.listed, keptForAWhile)
        return true
      case 'tools/call':
        void this.#call(request)
        return true
    }
  }

  /** There are changes that the library alone tells of. */
  get mayTellMore(): boolean {
    return this.#opening !== undefined && mayChange(this.#toolset)
  }

  /** The messages that the library is to know of, asked for once. */
  handOver(): readonly JSONRPCMessage[] {
    const opening = this.#opening ?? []
    this.#opening = undefined
    return opening
  }

  /** Of changes, which the library tells of now. */
  stopTelling(): void {
    this.#stopWatching?.()
  }

  close(): void {
    this.#stopWatching?.()
    for (const call of this.#running.values()) call.abort()
    this.#running.clear()
  }

  get #toolset(): Toolset {
    return this.#parts.toolsetOf(this.#peer.actor)
  }

  #open(message: JSONRPCMessage): boolean {
    const opened = toOpening(message)
    this.#isLeft = opened === undefined
    if (opened === undefined) return false
    this.#opened = opened
    this.#opening?.push(message)
    const { id, era, protocolVersion } = opened
    const offer = toOffer(this.#toolset)
    if (era === 'modern') {
      // Changes are told to whoever asks the library for them.
      this.#answer(id, { supportedVersions: [protocolVersion], ...offer }, notKept)
      return true
    }
    const serverInfo = { name: this.#parts.name, version }
    this.#answer(id, { protocolVersion, serverInfo, ...offer })
    this.#stopWatching = watchTools(
      this.#parts,
      () => this.#peer.actor,
      () => this.#send({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }),
    )
    return true
  }

  /** A list shows it to the library as well as a call, and does nothing. */
  #pin({ id, meta }: PlainRequest): void {
    this.#opening?.push({ jsonrpc: '2.0', id, method: 'tools/list', params: { _meta: meta ?? {} } })
  }

  #note(message: JSONRPCNotification): boolean {
    if (message.method === 'notifications/initialized' && this.#opened?.era === 'legacy') {
      this.#opening?.push(message)
      return this.#opening !== undefined
    }
    if (message.method !== 'notifications/cancelled') {
      this.#isLeft = leavesEra(message, this.#opened?.era ?? 'legacy')
      return false
    }
    const id = message.params?.['requestId'] as RequestId
    const call = this.#running.get(id)
    this.#running.delete(id)
    call?.abort()
    return call !== undefined
  }

  /**
   * One that may ask a person something, or become a task, gives more than one answer; one that is not there is
   * told of as an error.
   */
  #isPlain(request: PlainRequest): boolean {
    if (hasExtensions(request.meta)) return false
    if (request.method !== 'tools/call') return true
    const tool = this.#toolset.tools.get(request.name)
    return tool !== undefined && tool.effect === undefined
  }

  async #call({ id, name, meta, ...call }: PlainCall): Promise<void> {
    const { protocolVersion, client = call.client } = this.#opened ?? {}
    const running = new AbortController()
    this.#running.set(id, running)
    const reporting = reportProgress({
      _meta: meta,
      notify: async (notification) => this.#send({ jsonrpc: '2.0', ...notification }),
    })
    const result = await answerCall(this.#parts, this.#toolset, {
      name,
      arguments: call.arguments,
      context: {
        signal: running.signal,
        actor: this.#peer.actor,
        onProgress: reporting.onProgress,
      },
      origin: {
        transport: this.#peer.transport,
        client,
        protocolVersion,
        requestId: id,
        trace: traceOf(meta),
      },
    })
      .catch((error: unknown) => toAppError(error))
      .finally(() => reporting.end())
    // What was cancelled is not answered (MCP: cancellation).
    if (this.#running.get(id) !== running) return
    this.#running.delete(id)
    if (result instanceof Error) this.#refuse(id, `${result.message} ${result.hint}`)
    else this.#answer(id, { ...result })
  }

  /** Only clients of 2026-07-28 know how long they may keep it. */
  #answer(id: RequestId, result: Readonly<Record<string, unknown>>, kept: object = {}): void {
    const isModern = this.#opened?.era === 'modern'
    const told = isModern ? toModernResult({ ...result, ...kept }, this.#parts.name) : result
    this.#send({ jsonrpc: '2.0', id, result: told })
  }

  #refuse(id: RequestId, message: string): void {
    this.#send({ jsonrpc: '2.0', id, error: { code: invalidParams, message } })
  }
}

/** JSON-RPC 2.0, error object. */
const invalidParams = -32_602
