import { EventEmitter, once } from 'node:events'
import { onTestFinished } from 'vitest'
import type { AppError } from '../../../dist/base/error.js'
import type { LimitsOptions } from '../../../dist/edge/limits/options.js'
import { createLimits, type Limits } from '../../../dist/edge/limits/limits.js'
import type { Call, CallTool, Reply } from '../../../dist/tools/call.js'
import type { Tool } from '../../../dist/tools/tool.js'

const none: LimitsOptions = {
  perActor: undefined,
  perTool: {},
  concurrent: undefined,
  dailyRows: undefined,
  dailyBytes: undefined,
  store: undefined,
  whenStoreFails: 'closed',
  keyPrefix: 'vitrine-test',
  note: () => undefined,
}

/** Limits that are closed when the test ends. */
export function makeLimits(options: Partial<LimitsOptions>): Limits {
  const limits = createLimits({ ...none, ...options })
  onTestFinished(() => limits.close())
  return limits
}

export function callOf(actor: string, tool = 'query_database', signal?: AbortSignal): Call {
  return {
    tool: { name: tool, subject: () => ({}) } as unknown as Tool,
    arguments: {},
    context: {
      signal: signal ?? new AbortController().signal,
      actor: { id: actor, claims: {}, tools: 'all', sources: 'all' },
    },
    origin: { transport: 'stdio' },
  }
}

export const answerOf = (rows: number, text = '{}'): CallTool => {
  const reply: Reply = { answer: { row_count: rows }, text }
  return async () => reply
}

export const one: CallTool = answerOf(1)

/** A call that is under way, from `entered` on, until it is told to end. */
export function held(): { next: CallTool; entered: Promise<unknown>; end: () => void } {
  const events = new EventEmitter()
  return {
    next: async (call) => {
      const ended = once(events, 'end')
      events.emit('entered')
      await ended
      return one(call)
    },
    entered: once(events, 'entered'),
    end: () => void events.emit('end'),
  }
}

/** The error of a call that is refused. */
export const refusalOf = (limits: Limits, actor = 'ana'): Promise<AppError> =>
  limits.gate(callOf(actor), one).then(
    () => {
      throw new Error('The call was let in.')
    },
    (error: unknown) => error as AppError,
  )

/** How many of so many calls are let in. */
export async function letIn(limits: Limits, count: number, actor = 'ana'): Promise<number> {
  const calls = Array.from({ length: count }, () => limits.gate(callOf(actor), one))
  const settled = await Promise.allSettled(calls)
  return settled.filter(({ status }) => status === 'fulfilled').length
}
