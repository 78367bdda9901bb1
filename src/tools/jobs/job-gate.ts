import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../base/actor.ts'
import { AppError, cancelled } from '../../base/error.ts'
import type { Progress } from '../../base/progress.ts'
import type { JobRequest } from '../../jobs/job-store.ts'
import type { OpenJobs } from '../../jobs/jobs.ts'
import { Budget } from './budget.ts'
import { toCanonical } from '../../base/canonical.ts'
import { type Call, type CallGate, type CallTool, type Reply, toReply } from '../call.ts'
import { answerOf, isUnfinished, stateOf, waitForEnd } from './job-answer.ts'
import type { DeclaredSource, DeclaredSources, LongRunning } from '../served-source.ts'

export interface JobGateOptions {
  readonly sources: DeclaredSources
  /** Milliseconds for which results are kept. */
  readonly keepMs: number
  /** Unfinished jobs of one actor. */
  readonly perActor: number
}

/** A call whose statement may outlast it. */
interface LongCall {
  readonly call: Call
  readonly actor: Actor
  readonly source: DeclaredSource
  readonly terms: LongRunning
}

/**
 * Lets a call answer within its time: a statement that takes longer goes on as a job, and the call's answer
 * is the job's id. The innermost gate. Until the time is over nothing is kept, written or loaded.
 */
export const createJobGate =
  (options: JobGateOptions): CallGate =>
  async (call, next) => {
    const long = toLongCall(call, options.sources)
    if (long === undefined) return next(call)
    const { jobs } = long.terms
    const id = jobs.isOpen ? jobs.runningAs(keyOf(long)) : undefined
    if (id !== undefined) return attach(await jobs.open(), id, long)
    return runOrHandOver(long, next, options)
  }

function toLongCall(call: Call, sources: DeclaredSources): LongCall | undefined {
  const { tool, context, origin } = call
  // A person at a terminal ends the process with the answer.
  if (tool.mayTakeLong !== true || origin.transport === 'terminal') return undefined
  const source = sources.get(tool.subject(call.arguments).source ?? '')
  const { actor } = context
  if (source?.longRunning === undefined || actor === undefined) return undefined
  return { call, actor, source, terms: source.longRunning }
}

async function runOrHandOver(
  long: LongCall,
  next: CallTool,
  options: JobGateOptions,
): Promise<Reply> {
  const { call, terms } = long
  const { signal } = call.context
  const cancel = new AbortController()
  const onCancelled = (): void => cancel.abort()
  signal.addEventListener('abort', onCancelled, { once: true })
  if (signal.aborted) cancel.abort()
  const budget = new Budget(terms.budgetMs)
  let told: Progress = {}
  const onProgress = (progress: Progress): void => {
    told = { ...told, ...progress }
    budget.begin()
    call.context.onProgress?.(progress)
  }
  try {
    const { limitMs: timeoutMs } = terms
    const context = { ...call.context, signal: cancel.signal, timeoutMs, onProgress }
    const reply = next({ ...call, context })
    if (await budget.covers(reply)) return await reply
    const text = reply.then((one) => one.text)
    const work = { text, cancel, progress: () => told, hasBegun: budget.hasBegun }
    return await handOver(long, work, options)
  } finally {
    signal.removeEventListener('abort', onCancelled)
  }
}

type Work = Parameters<OpenJobs['runner']['takeOver']>[1] & {
  /** False where it still waits for its turn. */
  readonly hasBegun: boolean
}

/** Makes a job of it, and gives its id once that is on record. */
async function handOver(
  long: LongCall,
  work: Work,
  { keepMs, perActor }: JobGateOptions,
): Promise<Reply> {
  const { call, actor, source, terms } = long
  let isTaken = false
  try {
    const { store, runner } = await terms.jobs.open().catch((cause: unknown) => {
      throw cannotGoOn(terms.budgetMs, cause)
    })
    const request: JobRequest = {
      id: randomBytes(16).toString('hex'),
      actor,
      tool: call.tool.name,
      arguments: call.arguments,
      source: source.name,
      key: keyOf(long),
      definition: terms.definitionOf(call.tool.name),
      keepMs,
    }
    const id = await store.submit(request, perActor)
    if (id === undefined && !work.hasBegun) throw noTurn()
    if (id === undefined) throw await tooManyJobs(store, actor, terms.budgetMs)
    if (id === request.id) {
      isTaken = true
      await runner.takeOver(request, work)
    }
    if (call.context.signal.aborted) {
      // Nobody will ever hear of the id.
      if (isTaken) await store.cancel(id)
      throw cancelled()
    }
    const job = await store.find(id)
    if (job === undefined) throw gone()
    return toReply(stateOf(job))
  } finally {
    if (!isTaken) {
      work.text.catch(() => undefined)
      work.cancel.abort()
    }
  }
}

/** The same question runs as a job already: a client that lost its answer asks again. */
async function attach({ store }: OpenJobs, id: string, { call, terms }: LongCall): Promise<Reply> {
  const { signal, onProgress } = call.context
  const job = await waitForEnd(store, { id, waitMs: terms.budgetMs, signal, onProgress })
  if (signal.aborted) throw cancelled()
  if (job === undefined) throw gone()
  return toReply(await answerOf(store, job, 0))
}

const gone = (): AppError => new AppError('job_not_found', 'The job is no longer kept.')

const cannotGoOn = (budgetMs: number, cause: unknown): AppError =>
  new AppError('timed_out', `${tookLonger(budgetMs)}; it cannot go on as a job.`, {
    hint: 'Narrow the question, and tell the person who runs the server that jobs.store cannot be used.',
    cause,
  })

const noTurn = (): AppError =>
  new AppError('too_busy', 'The statement did not come to its turn within the time of its call.')

const tookLonger = (budgetMs: number): string =>
  `The statement took longer than ${budgetMs / 1000} s and was ended`

async function tooManyJobs(
  store: OpenJobs['store'],
  { id: actorId }: Actor,
  budgetMs: number,
): Promise<AppError> {
  const jobs = await store.list({ actorId, most: 100 })
  const ids = jobs.filter(isUnfinished).map(({ request }) => request.id)
  return new AppError(
    'timed_out',
    `${tookLonger(budgetMs)}: ${ids.length} questions of yours run or wait as jobs already.`,
    {
      hint: `Wait for one of them with get_job_status, or end it with cancel_job: ${ids.join(', ')}.`,
    },
  )
}

/** The same for the same question of the same actor, as long as it and they are known for the same. */
function keyOf({ call, actor, source, terms }: LongCall): string {
  const names = [...(call.tool.claims ?? []), ...(source.claims ?? [])]
  const claims = names.map((name) =>
    Object.hasOwn(actor.claims, name) ? actor.claims[name] : null,
  )
  const asked = [toCanonical(call.arguments), toCanonical(claims)]
  const { name } = call.tool
  const parts = [actor.id, name, ...asked, source.name, terms.definitionOf(name)]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
