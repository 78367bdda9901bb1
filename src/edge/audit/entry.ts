/** What a line says of a call, or of a request that did not become one. */
import { hostname } from 'node:os'
import { pid } from 'node:process'
import { AppError, type ErrorCode } from '../../base/error.ts'
import { shorten } from '../../base/shorten.ts'
import type { Call, CallOrigin, Confirmation, Reply } from '../../tools/call.ts'
import { digest, type Entry } from './chain.ts'
import { toSkeleton } from './fingerprint.ts'

/** A request that was refused before it became a call. */
export interface DoorEvent {
  readonly transport: CallOrigin['transport']
  /** Where it is known who asked. */
  readonly actor?: string | undefined
  readonly client?: string | undefined
  /** Of whoever opened the connection. */
  readonly address?: string | undefined
  readonly tool?: string | undefined
  readonly reason: ErrorCode
  readonly trace?: CallOrigin['trace']
}

/** A question that went on after its call, and has ended. */
export interface JobEvent {
  readonly request: {
    readonly id: string
    readonly actor: { readonly id: string }
    readonly tool: string
    readonly arguments: unknown
    readonly source: string
  }
  readonly attempt: number
  readonly outcome: Reply | AppError
  readonly ms: number
}

/** How a call ended. */
export interface Outcome {
  readonly reply?: Reply
  readonly error?: AppError
  readonly ms: number
  /** What became of the confirmation that it needs, where it came to that. */
  readonly confirmation?: Confirmation | undefined
}

export interface EntryOptions {
  /** Take the text of statements down. */
  readonly statements: boolean
  /** Of the hashes: without it, short values can be guessed from them. */
  readonly key: string | undefined
}

/** Longer names and texts are cut. */
const most = { name: 200, statement: 8000 }

const replica = shorten(`${hostname()}:${pid}`, most.name)

export function toCallEntry(call: Call, outcome: Outcome, options: EntryOptions): Entry {
  const { tool, arguments: given, context, origin } = call
  const { source, statement, job } = tool.subject(given)
  const { reply, error, ms } = outcome
  return {
    ts: new Date().toISOString(),
    actor: name(context.actor?.id),
    client: name(origin.client),
    transport: origin.transport,
    tool: name(tool.name),
    source: name(source),
    job: name(jobIn(reply) ?? job),
    ...toAsked({ statement, given }, options),
    ...toEnd(error ?? reply),
    ...toEffect(call, outcome),
    ms: inTenths(ms),
    trace: traceId(origin.trace),
    replica,
  }
}

/** The same words as for the call that it came from, whose line has the id as well. */
export function toJobEntry(event: JobEvent, options: EntryOptions): Entry {
  const { request, attempt, outcome, ms } = event
  const { arguments: given } = request
  const { query } = (given ?? {}) as { query?: unknown }
  const statement = typeof query === 'string' ? query : undefined
  return {
    ts: new Date().toISOString(),
    event: 'job',
    job: request.id,
    attempt,
    actor: name(request.actor.id),
    tool: name(request.tool),
    source: name(request.source),
    ...toAsked({ statement, given }, options),
    ...toEnd(outcome),
    ms: inTenths(ms),
    replica,
  }
}

interface Asked {
  readonly statement: string | undefined
  /** The arguments, as they were sent. */
  readonly given: unknown
}

const toAsked = ({ statement, given }: Asked, { statements, key }: EntryOptions): Entry => ({
  fingerprint: statement && digest(toSkeleton(statement), key),
  statement: statements && statement ? shorten(statement, most.statement) : undefined,
  arguments: given === undefined ? undefined : digest(JSON.stringify(given), key),
})

function toEnd(end: Reply | AppError | undefined): Entry {
  if (end instanceof AppError) return { decision: toDecision(end.code), reason: end.code }
  const rows = end?.answer['row_count']
  return {
    decision: 'allowed',
    rows: typeof rows === 'number' ? rows : undefined,
    cached_s: end && ageOf(end),
    bytes: end && Buffer.byteLength(end.text),
  }
}

/** Of a call that went on as one. */
function jobIn(reply: Reply | undefined): string | undefined {
  const { id } = (reply?.answer['job'] ?? {}) as { id?: unknown }
  return typeof id === 'string' ? id : undefined
}

/** Of a tool that changes something: what became of its confirmation, and what it did. */
function toEffect({ tool }: Call, { reply, confirmation }: Outcome): Entry {
  if (tool.effect === undefined) return {}
  const { affected_rows: affected, status } = reply?.answer ?? {}
  return {
    ...(reply && isAsking(confirmation) && { decision: 'asked' }),
    effect: 'write',
    confirmation,
    affected: typeof affected === 'number' ? affected : undefined,
    // What an API answered.
    status: isHttpSuccess(status) ? status : undefined,
  }
}

/** Tools of one's own may mean something else by a status, and no value is on record. */
const isHttpSuccess = (status: unknown): status is number =>
  typeof status === 'number' && Number.isInteger(status) && status >= 200 && status < 300

const inTenths = (ms: number): number => Math.round(ms * 10) / 10
/** That it was confirmed, before anything is changed: what comes of it is the next line's. */
export const toConfirmationEntry = (
  call: Call,
  outcome: Outcome,
  options: EntryOptions,
): Entry => ({ ...toCallEntry(call, outcome, options), decision: 'confirmed' })

/** @param skipped events before this one that were too many to take down. */
export const toDoorEntry = (event: DoorEvent, skipped: number): Entry => ({
  ts: new Date().toISOString(),
  actor: name(event.actor),
  client: name(event.client),
  address: name(event.address),
  transport: event.transport,
  tool: name(event.tool),
  decision: 'refused',
  reason: event.reason,
  skipped: skipped === 0 ? undefined : skipped,
  trace: traceId(event.trace),
  replica,
})

/** A line about the record itself. */
export const toNoteEntry = (event: 'gap' | 'torn', count: Entry): Entry => ({
  ts: new Date().toISOString(),
  event,
  ...count,
  replica,
})

/** Seconds since it was the database's, where the answer was given again. */
function ageOf({ answer }: Reply): number | undefined {
  const { age_s: age } = (answer['cached'] ?? {}) as { age_s?: unknown }
  return typeof age === 'number' ? age : undefined
}

/** What was not let in, against what could not be done. */
const refusals: readonly ErrorCode[] = [
  'unauthenticated',
  'not_allowed',
  'not_confirmed',
  'not_open',
  'statement_refused',
  'rate_limited',
  'too_costly',
  'too_busy',
]

function toDecision(code: ErrorCode): 'refused' | 'failed' | 'cancelled' {
  if (code === 'cancelled') return 'cancelled'
  return refusals.includes(code) ? 'refused' : 'failed'
}

const isAsking = (confirmation: Confirmation | undefined): boolean =>
  confirmation === 'asked' || confirmation === 'token_given'

const name = (text: string | undefined): string | undefined => text && shorten(text, most.name)

/** W3C trace context: version, trace id, parent id, flags; ids of zeros and version ff are invalid. */
const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/

function traceId(trace: CallOrigin['trace']): string | undefined {
  const parent = trace?.['traceparent']
  return typeof parent === 'string' ? traceparentPattern.exec(parent)?.[1] : undefined
}
