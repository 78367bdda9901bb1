import { createHash } from 'node:crypto'
import type { Actor } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Cache } from '../../cache/cache.ts'
import { Flight } from '../../cache/flight.ts'
import type { Kept, ResultCache } from '../../cache/result-cache.ts'
import type { CachedCall } from './cached-call.ts'
import { type Call, type CallGate, type CallTool, type Reply, toReply } from '../call.ts'
import { toCanonical } from '../../base/canonical.ts'
import { identityOf } from '../identity.ts'

/** A question whose answer may be there already. */
interface Question extends CachedCall {
  readonly actor: Actor
  readonly results: ResultCache
  readonly key: string
  /** Of the schema that it is asked of. */
  readonly version: string
}

/** The same question of several, asked once. */
interface Asking {
  readonly flight: Flight<Reply>
  readonly actorId: string
  readonly askedAt: number
  readonly era: number
}

/**
 * Gives an answer again to whoever may have it and asks for the same. Inside of the record and the limits, which
 * see every call; outside of what makes jobs of calls, whose ids are never given again.
 *
 * @param edition of the config: an answer given under another one is not given again
 */
export function createCacheGate(cache: Cache, edition: string): CallGate {
  const asked = new Map<string, Asking>()

  async function ask(question: Question, call: Call, next: CallTool): Promise<Reply> {
    const { key, actor, results, isFresh } = question
    const { era } = results
    const askedAt = performance.now()
    const run = async (signal: AbortSignal): Promise<Reply> => {
      const reply = await next({ ...call, context: { ...call.context, signal } })
      // What was dropped or changed meanwhile is given to nobody else.
      const isValid = era === results.era && isCurrent(question, cache)
      if (isValid && isLasting(reply)) keep(reply, askedAt, question)
      return reply
    }
    if (isFresh) return run(call.context.signal)
    const flight = new Flight((signal) => run(signal).finally(() => land(key, flight)))
    asked.set(key, { flight, actorId: actor.id, askedAt, era })
    return flight.join(call.context.signal)
  }

  function land(key: string, flight: Flight<Reply>): void {
    if (asked.get(key)?.flight === flight) asked.delete(key)
  }

  return async (call, next) => {
    const question = await toQuestion(call, { cache, edition })
    if (question === undefined) return next(call)
    if (question.isFresh) return ask(question, call, next)
    const { key, results, actor } = question
    const kept = results.find(key)
    if (kept !== undefined) return toCached(kept)
    const asking = asked.get(key)
    if (asking === undefined || asking.era !== results.era || asking.flight.isGivenUp)
      return ask(question, call, next)
    const { signal } = call.context
    const isOwn = asking.actorId === actor.id
    const reply = await asking.flight.join(signal).catch((error: unknown) => {
      if (isOwn || signal.aborted) throw error
    })
    if (reply !== undefined && isLasting(reply))
      return toCached({ answer: reply.answer, askedAt: asking.askedAt })
    // A job is its caller's own, and so is what is said of one.
    return reply !== undefined && isOwn ? reply : next(call)
  }
}

/** Milliseconds for a schema that is not in memory; a call has better things to wait for. */
const versionMs = 500

/** Undefined where the call has to be answered anew, and is told what is wrong with it by whoever does. */
async function toQuestion(
  { tool, arguments: given, context }: Call,
  { cache, edition }: { readonly cache: Cache; readonly edition: string },
): Promise<Question | undefined> {
  const { actor, signal } = context
  if (tool.cached === undefined || actor === undefined) return undefined
  try {
    const cached = await tool.cached(given, context)
    if (cached === undefined) return undefined
    const { source, identity } = await cached.source.open()
    const { version } = await within(source.catalog(signal), versionMs, notThere)
    const { results } = cache
    if (results === undefined) return undefined
    const { isShared, arguments: asked } = cached
    const who = isShared ? identityOf(actor, identity) : actor
    const key = toKey({
      edition,
      tool: tool.name,
      source: cached.source.name,
      version,
      isShared,
      who,
      asked,
    })
    return { ...cached, actor, results, version, key }
  } catch {
    return undefined
  }
}

const notThere = (): AppError => new AppError('timed_out', 'The schema is being read.')

const toKey = (parts: object): string =>
  createHash('sha256').update(toCanonical(parts)).digest('base64')

const isCurrent = ({ source, version }: Question, cache: Cache): boolean =>
  cache.versionOf(source.name) === version

function keep(
  { answer, text }: Reply,
  askedAt: number,
  { key, results, source, ttlMs }: Question,
): void {
  const bytes = Buffer.byteLength(text)
  results.keep({ key, source: source.name, ttlMs, bytes }, { answer, askedAt })
}

/** What is said about the moment: how a job stands, where its next page is, what a column held. */
const passing = ['job', 'next_cursor', 'hint', 'cached']

const isLasting = ({ answer }: Reply): boolean => !passing.some((key) => key in answer)

const toCached = ({ answer, askedAt }: Kept): Reply =>
  toReply({ ...answer, cached: { age_s: Math.floor((performance.now() - askedAt) / 1000) } })
