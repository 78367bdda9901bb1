/** Claude through the official SDK, which is loaded with the first request. */
import type * as sdk from '@anthropic-ai/sdk'
import type Anthropic from '@anthropic-ai/sdk'
import { AppError } from '../base/error.ts'
import { lazily } from '../base/lazily.ts'
import { notInstalled } from '../base/not-installed.ts'
import { type Hearing, hearingFetch, IdleTimer } from './idle-timer.ts'
import type { Block, Reply, ToolDefinition, Usage } from './messages.ts'
import { type Ask, AskFailure, type Heard, type Provider } from './provider.ts'

export interface AnthropicOptions {
  readonly model: string
  /** Without one the SDK looks for it as usual: `ANTHROPIC_API_KEY`. */
  readonly apiKey?: string | undefined
  readonly baseURL?: string | undefined
  /** Most milliseconds without a byte of the stream, pings included. */
  readonly idleMs?: number
  /** How long the cache keeps what was sent. */
  readonly cache?: '5m' | '1h' | undefined
}

const defaultIdleMs = 90_000

/** @throws AppError `config_invalid` with the first request, where the SDK is not installed or has no key */
export function createAnthropicProvider(options: AnthropicOptions): Provider {
  const client = lazily(() => connect(options))
  const body = new BodyMaker(options)
  return {
    model: options.model,
    async ask(ask, heard, signal) {
      const [sdk, anthropic] = await client()
      const idle = new IdleTimer(options.idleMs ?? defaultIdleMs)
      const stream = new Stream(sdk, anthropic, idle)
      try {
        return await stream.read(body.make(ask), heard, AbortSignal.any([signal, idle.signal]))
      } catch (error) {
        throw stream.explain(error, signal)
      } finally {
        idle.stop()
      }
    },
  }
}

type Sdk = typeof sdk

async function connect({ apiKey, baseURL }: AnthropicOptions): Promise<[Sdk, Anthropic]> {
  const sdk = await import('@anthropic-ai/sdk').catch((cause: unknown) => {
    throw notInstalled('The agent needs', { packages: ['@anthropic-ai/sdk'], cause })
  })
  // Retries are the loop's: each of them is on the bill, in the transcript and within the limits.
  return [sdk, new sdk.default({ apiKey, baseURL, fetch: hearingFetch, maxRetries: 0 })]
}

interface CacheControl {
  readonly type: 'ephemeral'
  readonly ttl?: '1h'
}

/** The request's body, with the tools made once: the cache holds only what is the same to the byte. */
class BodyMaker {
  readonly #model: string
  readonly #cache: CacheControl
  readonly #tools = new WeakMap<readonly ToolDefinition[], readonly object[]>()

  constructor({ model, cache }: AnthropicOptions) {
    this.#model = model
    this.#cache = cache === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' }
  }

  make(ask: Ask): Anthropic.MessageStreamParams {
    const { system, tools, messages, maxTokens, toolChoice, outputSchema } = ask
    const body = {
      model: this.#model,
      max_tokens: maxTokens,
      ...(tools.length === 0 ? {} : { tools: this.#toolsOf(tools) }),
      ...(tools.length > 0 && toolChoice === 'none' ? { tool_choice: { type: toolChoice } } : {}),
      ...(system === undefined
        ? {}
        : { system: [{ type: 'text', text: system, cache_control: this.#cache }] }),
      messages,
      ...(outputSchema === undefined
        ? {}
        : { output_config: { format: { type: 'json_schema', schema: outputSchema } } }),
      cache_control: this.#cache,
    }
    return body as unknown as Anthropic.MessageStreamParams
  }

  /** With a mark at the last one, so that the definitions are cached whatever comes after them. */
  #toolsOf(tools: readonly ToolDefinition[]): readonly object[] {
    const made =
      this.#tools.get(tools) ??
      tools.map((tool, index) =>
        index === tools.length - 1 ? { ...tool, cache_control: this.#cache } : tool,
      )
    this.#tools.set(tools, made)
    return made
  }
}

/** One request and its answer, also where that breaks off. */
class Stream {
  readonly #sdk: Sdk
  readonly #client: Anthropic
  readonly #idle: IdleTimer
  #usage: Usage | undefined

  constructor(sdk: Sdk, client: Anthropic, idle: IdleTimer) {
    this.#sdk = sdk
    this.#client = client
    this.#idle = idle
  }

  async read(
    body: Anthropic.MessageStreamParams,
    heard: Heard,
    signal: AbortSignal,
  ): Promise<Reply> {
    const hearing: Hearing = { onBytes: this.#idle.heard }
    const fetchOptions: object = hearing
    const stream = this.#client.messages.stream(body, { signal, fetchOptions })
    stream.on('streamEvent', (_event, snapshot) => (this.#usage = snapshot.usage))
    stream.on('text', heard.onText)
    return toReply(await stream.finalMessage())
  }

  explain(error: unknown, signal: AbortSignal): AskFailure | AppError {
    if (error instanceof AppError) return error
    const usage = this.#usage ?? nothingKnown
    if (signal.aborted) {
      return new AskFailure('cancelled', 'The request to the model was cancelled.', {
        again: false,
        usage,
      })
    }
    if (this.#idle.signal.aborted) {
      const seconds = this.#idle.ms / 1000
      return new AskFailure('timed_out', `The model said nothing for ${seconds} seconds.`, {
        again: true,
        hint: 'Ask again; where it happens often, look at the network between here and the API.',
        usage,
        cause: error,
      })
    }
    if (error instanceof this.#sdk.APIError && error.status !== undefined)
      return refused(error as InstanceType<Sdk['APIError']>)
    if (error instanceof this.#sdk.APIConnectionError) return unreachable(error)
    return isWithoutKey(error) ? withoutKey(error) : brokenOff(error, usage)
  }
}

/** Of a request that was sent and not refused: it may cost something. */
const nothingKnown: Usage = { input_tokens: 0, output_tokens: 0 }

/** Said by the SDK before it sends anything. */
const isWithoutKey = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('authentication method')

const withoutKey = (cause: unknown): AskFailure =>
  new AskFailure('unauthenticated', 'There is no key for the API of the model.', {
    again: false,
    hint: 'Set ANTHROPIC_API_KEY; `vitrine ask --script` runs without a model.',
    cause,
  })

const unreachable = (cause: unknown): AskFailure =>
  new AskFailure('source_unavailable', 'The API of the model cannot be reached.', {
    again: true,
    hint: 'See that this machine reaches it: https://api.anthropic.com, or ANTHROPIC_BASE_URL.',
    cause,
  })

/** Plain data: what the SDK makes of a stream has accessors and parts of its own. */
function toReply(message: Anthropic.Message): Reply {
  const { model, content, stop_reason, usage } = JSON.parse(JSON.stringify(message)) as Reply
  return { model, content: content.map(withoutParsed), stop_reason, usage }
}

/** `parsed_output` is the SDK's own addition, which the API does not take back. */
function withoutParsed(block: Block): Block {
  const { parsed_output, ...rest } = block
  return parsed_output === undefined ? block : rest
}

/** The statuses of https://docs.claude.com/en/api/errors. */
function refused(error: InstanceType<Sdk['APIError']>): AskFailure {
  const { status = 0 } = error
  const message = `The model's API answered ${status}: ${reasonOf(error)}`
  const retryAfterMs = retryAfterOf(error)
  const rest = { cause: error, retryAfterMs }
  switch (status) {
    case 401:
      return new AskFailure('unauthenticated', message, {
        ...rest,
        again: false,
        hint: 'Set ANTHROPIC_API_KEY to a key that is valid.',
      })
    case 403:
      return new AskFailure('not_allowed', message, { ...rest, again: false })
    case 413:
      return new AskFailure('request_too_large', message, { ...rest, again: false })
    case 429:
      return new AskFailure('rate_limited', message, {
        ...rest,
        again: true,
        hint: 'Ask again later, or raise the rate limits of the account.',
      })
    case 529:
      return new AskFailure('too_busy', message, { ...rest, again: true })
    default:
      return status === 408 || status === 409 || status >= 500
        ? new AskFailure('source_unavailable', message, { ...rest, again: true, hint: askLater })
        : new AskFailure('invalid_input', message, { ...rest, again: false })
  }
}

const askLater = 'Ask again in a while.'

function reasonOf({ error, message }: { error: unknown; message: string }): string {
  return (error as { error?: { message?: string } } | undefined)?.error?.message ?? message
}

/** In seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfterOf({ headers }: InstanceType<Sdk['APIError']>): number | undefined {
  const value = headers?.get('retry-after')
  if (value === null || value === undefined) return undefined
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

const brokenOff = (error: unknown, usage: Usage | undefined): AskFailure => {
  const overloaded = error instanceof Error && error.message.includes('overloaded_error')
  const what = overloaded ? 'The model is overloaded' : 'The answer of the model broke off'
  return new AskFailure(overloaded ? 'too_busy' : 'source_unavailable', `${what}.`, {
    again: true,
    hint: askLater,
    usage,
    cause: error,
  })
}
