import { setTimeout as pause } from 'node:timers/promises'

/** How often the same request is sent; only methods that change nothing are. */
const attempts = 3
const firstPauseMs = 100

/** What passes by itself: the connection, or a server that says so. */
const passing = {
  codes: new Set([
    'ECONNRESET',
    'ECONNREFUSED',
    'EPIPE',
    'ETIMEDOUT',
    'EAI_AGAIN',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'ECONNABORTED',
  ]),
  statuses: new Set([429, 502, 503, 504]),
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
}

export interface RetryOptions {
  /** As `performance.now()` counts. */
  readonly deadline: number
  readonly signal: AbortSignal
}

/**
 * Sends until there is an answer that stands, pausing longer each time; never past the deadline: an
 * API that wants more time than is left gives the last answer.
 */
export async function withRetries<Answer extends Answered>(
  send: () => Promise<Answer>,
  { deadline, signal }: RetryOptions,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await send().catch((error: unknown) => ({ error }))
    const isLast = attempt === attempts || signal.aborted
    const wanted = 'error' in outcome ? 0 : (retryAfterMs(outcome.headers) ?? 0)
    const wait = Math.max(wanted, firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()))
    const isWorthIt = !isLast && isPassing(outcome) && performance.now() + wait < deadline
    if (isWorthIt) await pause(wait, undefined, { signal })
    else if ('error' in outcome) throw outcome.error
    else return outcome
  }
}

function isPassing(outcome: Answered | { readonly error: unknown }): boolean {
  if (!('error' in outcome)) return passing.statuses.has(outcome.status)
  const { code, errors } = Object(outcome.error) as { code?: string; errors?: readonly unknown[] }
  if (code !== undefined && passing.codes.has(code)) return true
  return errors?.some((error) => isPassing({ error })) ?? false
}

/** Milliseconds, from seconds or a date (RFC 9110 §10.2.3); undefined where it says nothing. */
export function retryAfterMs(
  headers: Readonly<Record<string, unknown>>,
  now = Date.now(),
): number | undefined {
  const written = headers['retry-after']
  if (typeof written !== 'string') return undefined
  if (/^\d{1,9}$/.test(written.trim())) return Number(written) * 1000
  const date = Date.parse(written)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
