import type { Client, McpSubscription, Progress, Transport } from '@modelcontextprotocol/client'
import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { AppError } from '../../base/error.ts'
import { orCancelled } from '../../base/or-cancelled.ts'
import { within } from '../../base/within.ts'
import type { Permit } from '../safety/permit.ts'
import { type CallEnd, type ListedTool, listTools, requestCall } from './requests.ts'
import { type Elicit, type OpenedClient, openClient } from './open-client.ts'
import { RunningCalls } from './running-calls.ts'
import type { ServerSpec } from './server-spec.ts'

export interface ConnectionOptions {
  readonly connectMs: number
  readonly elicit: Elicit | undefined
}

export interface CallOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

const hangUpMs = 1000

/** One server: connected when it is needed, and again when it was lost. */
export class Connection {
  readonly spec: ServerSpec
  readonly #options: ConnectionOptions
  readonly #calls = new RunningCalls()
  readonly #ended = new AbortController()
  #opening: Promise<Client> | undefined
  /** Of those that were opened the one whose tools are known. */
  #listed: Promise<Client> | undefined
  #opened: OpenedClient | undefined
  /** Also those that were given up for lost: calls on them may go on. */
  readonly #transports = new Set<Transport>()
  #listening: Promise<McpSubscription | undefined> | undefined
  /** Whether a change of the tools, or another process behind the same URL, would be noticed. */
  #hears = false
  #stale = false

  constructor(spec: ServerSpec, options: ConnectionOptions) {
    this.spec = spec
    this.#options = options
  }

  /** What the server says of how to use it, once it is connected. */
  get instructions(): string | undefined {
    return this.#opened?.client.getInstructions()
  }

  /** The definitions may be others than those listed last. */
  get stale(): boolean {
    return this.#stale || this.#opening === undefined || this.#opening !== this.#listed
  }

  /** It would tell of other definitions; one that would not is asked before it changes anything. */
  get hears(): boolean {
    return this.#hears
  }

  /** @throws AppError `source_unavailable` or `timed_out` */
  async list(): Promise<readonly ListedTool[]> {
    const opening = (this.#opening ??= this.#connect())
    const client = await opening
    // What changes from now on changes after this list.
    this.#stale = false
    try {
      if (!this.#hears) this.#watch(client)
      const { connectMs } = this.#options
      const tools = await within(listTools(client), connectMs, () => this.#late('list its tools'))
      this.#listed = opening
      return tools
    } catch (error) {
      this.#stale = true
      throw error
    }
  }

  /** Sends the call over the connection whose tools were listed, and never over a newer one. */
  async call(permit: Permit, tool: ListedTool, options: CallOptions): Promise<CallEnd> {
    if (this.#listed === undefined || this.#opening !== this.#listed) return { kind: 'not_sent' }
    const deadline = this.#calls.begin(options.timeoutMs)
    const signal = AbortSignal.any([options.signal, deadline.signal])
    try {
      const client = await orCancelled(this.#listed, signal)
      return await requestCall(client, permit, { tool, signal, onProgress: options.onProgress })
    } catch (error) {
      if (options.signal.aborted) return { kind: 'cancelled' }
      if (deadline.signal.aborted) return { kind: 'unknown', why: 'timed_out' }
      return this.#explain(error)
    } finally {
      this.#calls.end(deadline)
    }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#opening?.catch(() => {})
    // A server would wait for the end of what it is asked for; one that does not answer is not waited for.
    const hangUp = this.#listening?.then((listening) => listening?.close())
    await within(Promise.resolve(hangUp), hangUpMs, () => this.#late('end')).catch(() => {})
    await Promise.all([...this.#transports].map((one) => one.close().catch(() => {})))
  }

  #explain(error: unknown): CallEnd {
    // Of a session that a server has forgotten it takes nothing; 404 is the standard's word for it, 400 a common one.
    const inSession = this.#opened?.transport.sessionId !== undefined
    const forgotten =
      inSession && error instanceof SdkHttpError && [400, 404].includes(error.status)
    const unsent = error instanceof SdkError && error.code === SdkErrorCode.NotConnected
    if (forgotten || unsent) {
      this.#forget()
      return { kind: 'not_sent' }
    }
    if (error instanceof SdkHttpError && error.status >= 400 && error.status < 500) {
      return { kind: 'refused', message: `The server answered HTTP ${error.status}.` }
    }
    this.#forget()
    return { kind: 'unknown', why: 'lost' }
  }

  async #connect(): Promise<Client> {
    if (this.#ended.signal.aborted) throw this.#late('stay')
    const { elicit, connectMs } = this.#options
    const asks = elicit && this.#calls.asks(elicit)
    const opened = openClient(this.spec, { elicit: asks, connectMs })
    const { client, transport } = opened
    this.#opened = opened
    this.#transports.add(transport)
    try {
      await this.#handshake(client, transport)
    } catch (error) {
      this.#forget()
      await transport.close().catch(() => {})
      throw this.#failed(error, opened.said())
    }
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the one way in which the library tells it
    client.onclose = () => {
      this.#transports.delete(transport)
      if (this.#opened === opened) this.#forget()
    }
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      this.#stale = true
    })
    this.#hears = false
    this.#listening = undefined
    return client
  }

  async #handshake(client: Client, transport: Transport): Promise<void> {
    const { connectMs } = this.#options
    const work = within(client.connect(transport, { timeout: connectMs }), connectMs, () =>
      this.#late('start'),
    )
    await orCancelled(work, this.#ended.signal)
  }

  /**
   * Notices of changed tools, as the server's revision gives them. A process on this machine is seen to end, and so is
   * a session; behind a URL without one another process may answer, unless a stream of notices breaks off with the first.
   */
  #watch(client: Client): void {
    this.#hears = this.spec.reach.kind === 'stdio' || client.transport?.sessionId !== undefined
    if (client.getProtocolEra() !== 'modern' || this.#listening !== undefined) return
    this.#listening = client.listen({ toolsListChanged: true }).catch(() => undefined)
    void this.#follow(client, this.#listening)
  }

  /** A stream that ended may have ended with the process that wrote it. */
  async #follow(client: Client, listening: Promise<McpSubscription | undefined>): Promise<void> {
    const subscription = await listening
    if (subscription === undefined || this.#opened?.client !== client) return
    this.#hears = true
    await subscription.closed
    if (this.#listening !== listening) return
    this.#listening = undefined
    this.#hears = this.spec.reach.kind === 'stdio'
    this.#stale = true
  }

  #forget(): void {
    this.#opening = undefined
  }

  #late(what: string): AppError {
    return new AppError('timed_out', `The server ${this.spec.name} did not ${what} in time.`, {
      hint: 'The others are used; look at why it is slow, or leave it out.',
    })
  }

  #failed(cause: unknown, said: string): AppError {
    if (cause instanceof AppError) return cause
    const detail = [cause instanceof Error ? cause.message : '', said].filter(Boolean).join('\n')
    return new AppError('source_unavailable', `The server ${this.spec.name} cannot be reached.`, {
      hint: 'The others are used; see that its command or URL is right.',
      detail,
      cause,
    })
  }
}
