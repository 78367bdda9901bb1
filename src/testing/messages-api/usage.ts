import type { Block, Usage } from '../../agent/messages.ts'
import type { RequestBody } from './script.ts'

/**
 * Tokens that are a function of the bytes alone, with a prompt cache that works as the real one does:
 * a prefix that is asked for again is read, what came after it is written.
 */
export class TokenCounter {
  readonly #cached = new Map<string, number>()

  count(body: RequestBody, content: readonly Block[]): Usage {
    const prefix = JSON.stringify([body.model, body.tools ?? [], body.system ?? ''])
    const total = tokensOf(prefix) + tokensOf(JSON.stringify(body.messages))
    const output_tokens = tokensOf(JSON.stringify(content))
    if (!asksForCache(body)) return usage({ input_tokens: total, output_tokens })
    const read = Math.min(this.#cached.get(prefix) ?? 0, total)
    this.#cached.set(prefix, total)
    return usage({ input_tokens: 0, output_tokens, read, written: total - read })
  }
}

const tokensOf = (json: string): number => Math.ceil(json.length / 4)

const asksForCache = (body: RequestBody): boolean =>
  JSON.stringify(body).includes('"cache_control"')

const usage = ({
  input_tokens,
  output_tokens,
  read = 0,
  written = 0,
}: {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly read?: number
  readonly written?: number
}): Usage => ({
  input_tokens,
  cache_creation_input_tokens: written,
  cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
  cache_read_input_tokens: read,
  output_tokens,
  server_tool_use: null,
  service_tier: 'standard',
  inference_geo: 'global',
  speed: 'standard',
})
