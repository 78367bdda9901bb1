import { randomUUID } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { AppError, type ErrorAnswer, toErrorAnswer } from '../base/error.ts'
import type { Claim, Job, JobRequest, JobStore, Renewal } from './job-store.ts'
import { type JobRow, jobsSchema, Statements, toJob } from './sqlite-statements.ts'

export interface SqliteStoreOptions {
  /** Absolute path; made where it is not there. */
  readonly path: string
  /** Bytes of all results; the oldest go first. */
  readonly mostBytes: number
  readonly leaseMs?: number
}

const defaultLeaseMs = 10_000
/** A job is begun so often, then it is its own fault. */
const mostAttempts = 2
/** Another process tells of nothing: this is how often the file is looked at. */
const lookEveryMs = 50
const lockWaitMs = 5000

/**
 * Jobs in a file that the processes of one machine share. Every method is one transaction, and what
 * it takes is microseconds: it runs on the event loop.
 */
export class SqliteJobStore implements JobStore {
  readonly leaseMs: number
  readonly #mostBytes: number
  readonly #database: DatabaseSyncInstance
  readonly #statements: Statements
  /** Ids of what this instance has claimed. */
  readonly #claimed = new Set<string>()

  constructor({ path, mostBytes, leaseMs = defaultLeaseMs }: SqliteStoreOptions) {
    this.leaseMs = leaseMs
    this.#mostBytes = mostBytes
    this.#database = openFile(path)
    this.#statements = new Statements(this.#database)
  }

  async submit(request: JobRequest, most: number): Promise<string | undefined> {
    const now = Date.now()
    return this.#write(() => {
      this.#statements.sweep.run(now)
      const same = this.#statements.unfinishedOfKey.get(request.key) as { id: string } | undefined
      if (same !== undefined) return same.id
      const { n } = this.#statements.countUnfinished.get(request.actor.id) as { n: number }
      if (n >= most) return undefined
      const { id, key, actor, source, keepMs } = request
      const text = JSON.stringify(request)
      this.#statements.insert.run({ id, key, actor: actor.id, source, request: text, keepMs, now })
      return id
    })
  }

  async claim(source: string, most: number): Promise<Claim | undefined> {
    const now = Date.now()
    // Most often there is none, and looking takes no lock.
    if (this.#statements.next.get(source, now) === undefined) return undefined
    return this.#write(() => {
      for (;;) {
        const { n } = this.#statements.countRunning.get(source, now) as { n: number }
        const next = this.#statements.next.get(source, now) as JobRow | undefined
        if (next === undefined) return undefined
        if (next.attempt >= mostAttempts) this.#end(next.id, 'failed', workerLost)
        else if (n >= most) return undefined
        else return this.#begin(next)
      }
    })
  }

  async renew({ request, token }: Claim, progress: Job['progress'] = {}): Promise<Renewal> {
    const now = Date.now()
    const { changes } = this.#statements.renew.run({
      id: request.id,
      token,
      now,
      leaseUntil: now + this.leaseMs,
      share: progress.share ?? null,
      rows: progress.rows ?? null,
    })
    if (changes > 0) return 'go on'
    return this.#stateOf(request.id) === 'cancelled' ? 'cancelled' : 'lost'
  }

  async complete(claim: Claim, pages: readonly string[]): Promise<boolean> {
    return this.#write(() => {
      const { id } = claim.request
      if (!this.#holds(claim)) return false
      this.#end(id, 'completed')
      const bytes = pages.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      this.#statements.setResult.run({ id, pages: pages.length, bytes })
      for (const [page, text] of pages.entries()) this.#statements.insertPage.run(id, page, text)
      this.#statements.trim.run(this.#mostBytes)
      this.#statements.sweep.run(Date.now())
      return true
    })
  }

  async fail(claim: Claim, error: ErrorAnswer['error']): Promise<boolean> {
    return this.#write(() => {
      if (!this.#holds(claim)) return false
      this.#end(claim.request.id, 'failed', error)
      return true
    })
  }

  async release({ request, token }: Claim): Promise<void> {
    this.#claimed.delete(request.id)
    this.#statements.release.run({ id: request.id, token, now: Date.now() })
  }

  async find(id: string): Promise<Job | undefined> {
    const row = this.#statements.find.get(id, Date.now()) as JobRow | undefined
    return row && toJob(row)
  }

  async readPage(id: string, page: number): Promise<string | undefined> {
    const row = this.#statements.readPage.get(id, page, Date.now()) as { text: string } | undefined
    return row?.text
  }

  async cancel(id: string): Promise<void> {
    this.#write(() => {
      if (isUnfinished(this.#stateOf(id))) this.#end(id, 'cancelled')
    })
  }

  async list({ actorId, most }: Parameters<JobStore['list']>[0]): Promise<readonly Job[]> {
    const found = this.#statements.list.all({ actor: actorId ?? null, now: Date.now(), most })
    return (found as JobRow[]).map(toJob)
  }

  async whenChanged(id: string, withinMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + withinMs
    const before = this.#mark(id)
    while (before === this.#mark(id) && isUnfinished(this.#stateOf(id))) {
      const left = deadline - performance.now()
      if (left <= 0 || signal.aborted) return
      await pause(Math.min(left, lookEveryMs), undefined, { signal }).catch(() => undefined)
    }
  }

  watchCancelled(listener: (id: string) => void): () => void {
    const look = (): void => {
      for (const id of this.#claimed) {
        if (this.#stateOf(id) !== 'cancelled') continue
        this.#claimed.delete(id)
        listener(id)
      }
    }
    const timer = setInterval(look, lookEveryMs).unref()
    return () => clearInterval(timer)
  }

  async ready(): Promise<void> {
    this.#stateOf('')
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #begin({ id, request, attempt }: JobRow): Claim {
    const now = Date.now()
    const token = randomUUID()
    this.#statements.begin.run({ id, token, now, leaseUntil: now + this.leaseMs })
    this.#claimed.add(id)
    return { request: JSON.parse(request) as JobRequest, attempt: attempt + 1, token }
  }

  #holds({ request, token }: Claim): boolean {
    this.#claimed.delete(request.id)
    return this.#statements.holds.get(request.id, token) !== undefined
  }

  #end(id: string, state: Job['state'], error?: ErrorAnswer['error']): void {
    const text = error === undefined ? null : JSON.stringify(error)
    this.#statements.end.run({ id, state, error: text, now: Date.now() })
  }

  #stateOf(id: string): string | undefined {
    return (this.#statements.find.get(id, Date.now()) as JobRow | undefined)?.state
  }

  /** Differs between two states of a job. */
  #mark(id: string): string {
    const row = this.#statements.find.get(id, Date.now()) as JobRow | undefined
    return `${row?.state} ${row?.attempt} ${row?.changed_at} ${row?.position}`
  }

  #write<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

const isUnfinished = (state: string | undefined): boolean =>
  state === 'queued' || state === 'running'

const workerLost: ErrorAnswer['error'] = toErrorAnswer(
  new AppError('worker_lost', `The processes that ran it were lost, ${mostAttempts} times.`),
).error

/** For its owner alone: it holds statements and rows. What SQLite puts beside it gets the same mode. */
function openFile(path: string): DatabaseSyncInstance {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    const database = new DatabaseSync(path, { timeout: lockWaitMs })
    database.exec(jobsSchema)
    addRowsRead(database)
    return database
  } catch (cause) {
    throw new AppError('source_unavailable', 'Questions that take long cannot be kept as jobs.', {
      hint: 'Tell the person who runs the server: the file of jobs.store cannot be used.',
      detail: `${path}: ${(cause as Error).message}`,
      cause,
    })
  }
}

/** For files of versions that did not count them. */
function addRowsRead(database: DatabaseSyncInstance): void {
  database.exec('BEGIN IMMEDIATE')
  const columns = database.prepare('PRAGMA table_info(jobs)').all() as { name: string }[]
  if (!columns.some(({ name }) => name === 'rows_read'))
    database.exec('ALTER TABLE jobs ADD COLUMN rows_read INTEGER')
  database.exec('COMMIT')
}
