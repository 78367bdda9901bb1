import { AppError } from '../base/error.ts'
import type { Job, JobStore } from '../jobs/job-store.ts'
import { mayHoldJobs, openJobStore } from '../jobs/open-store.ts'
import { isUnfinished } from '../tools/jobs/job-answer.ts'
import { createStatusLine } from './progress.ts'
import { formatTable } from './table.ts'
import { toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisible } from '../base/visible.ts'

interface JobsOptions {
  readonly target: string
  readonly json?: boolean
}

export interface JobsListOptions extends JobsOptions {
  readonly actor?: string
}

export interface JobOptions extends JobsOptions {
  readonly id: string
}

const mostListed = 200

/** `vitrine jobs list`: what waits, runs, and has ended and is still kept. */
export async function jobsList(options: JobsListOptions, terminal: Terminal): Promise<number> {
  const { target, actor, json = false } = options
  const asked = { ...(actor !== undefined && { actorId: actor }), most: mostListed }
  const jobs = await withStore(target, (store) => store.list(asked), [])
  if (json) terminal.print(JSON.stringify({ jobs: jobs.map(toShown) }))
  else if (jobs.length === 0) terminal.note('There are no jobs.')
  else terminal.print(formatTable(columns, jobs.map(toRow), terminal))
  return exitCode.done
}

/** `vitrine jobs show`: one job, with its statement. */
export async function jobsShow(options: JobOptions, terminal: Terminal): Promise<number> {
  print(await jobOf(options, (store) => store.find(options.id)), options, terminal)
  return exitCode.done
}

function print(job: Job, { json }: JobOptions, terminal: Terminal): void {
  const shown = toShown(job)
  const lines = Object.entries(shown).map(([name, value]) => `${name}: ${toText(value)}`)
  terminal.print(json === true ? JSON.stringify(shown) : lines.join('\n'))
}

/** `vitrine jobs watch`: waits for its end, and shows it then. */
export async function jobsWatch(options: JobOptions, terminal: Terminal): Promise<number> {
  const stopped = new AbortController()
  process.once('SIGINT', () => stopped.abort())
  const job = await jobOf(options, (store) => watch(store, options.id, stopped.signal))
  print(job, options, terminal)
  return job.state === 'completed' ? exitCode.done : exitCode.failed
}

const lookEveryMs = 500

/** As it stands once it has ended, or nobody waits any more. */
async function watch(store: JobStore, id: string, signal: AbortSignal): Promise<Job | undefined> {
  const line = createStatusLine()
  try {
    for (;;) {
      const job = await store.find(id)
      if (job === undefined || !isUnfinished(job) || signal.aborted) return job
      const { state, createdAt, progress, position } = job
      const seconds = Math.floor((Date.now() - createdAt) / 1000)
      line.show([state, `${seconds} s`], { ...progress, position })
      await store.whenChanged(id, lookEveryMs, signal)
    }
  } finally {
    line.end()
  }
}

/** `vitrine jobs cancel`: ends one, wherever it runs. */
export async function jobsCancel(options: JobOptions, terminal: Terminal): Promise<number> {
  const { id, json } = options
  const job = await jobOf(options, async (store) => {
    await store.cancel(id)
    return store.find(id)
  })
  terminal.print(json === true ? JSON.stringify(toShown(job)) : `${id} is ${job.state}.`)
  return exitCode.done
}

async function jobOf(
  { target, id }: JobOptions,
  work: (store: JobStore) => Promise<Job | undefined>,
): Promise<Job> {
  const job = await withStore(target, work, undefined)
  if (job === undefined) throw noJob(id)
  return job
}

/** Looking for jobs does not make a store. */
async function withStore<Result>(
  target: string,
  work: (store: JobStore) => Promise<Result>,
  none: Result,
): Promise<Result> {
  const { store: url, keyPrefix, mostBytes } = (await toConfig(target)).jobs
  if (url === undefined || !mayHoldJobs(url)) return none
  const store = await openJobStore({ url, keyPrefix, mostBytes })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const noJob = (id: string): AppError =>
  new AppError('job_not_found', `There is no job ${id}.`, {
    hint: 'vitrine jobs list shows those that are kept.',
  })

const columns = ['id', 'actor', 'source', 'state', 'created', 'statement'].map((name) => ({ name }))

const toRow = (job: Job): readonly string[] => {
  const { id, actor, source, state, position, created, arguments: given } = toShown(job)
  const { query } = given as { query?: unknown }
  const place = position === undefined ? state : `${state}, ${position}`
  return [id, actor, source, place, created, typeof query === 'string' ? query : '']
}

const toShown = ({ request, state, attempt, createdAt, changedAt, ...rest }: Job) => ({
  id: request.id,
  actor: request.actor.id,
  source: request.source,
  tool: request.tool,
  arguments: request.arguments,
  state,
  attempt,
  created: new Date(createdAt).toISOString(),
  changed: new Date(changedAt).toISOString(),
  ...rest,
})

const toText = (value: unknown): string =>
  toVisible(typeof value === 'string' ? value : JSON.stringify(value))
