import type { Job, JobRequest } from '../job-store.ts'

/** Most jobs of which it is known that they are there; the oldest are forgotten first. */
export const mostRemembered = 10_000

export interface Page {
  readonly id: string
  /** Of the claim that completed the job. */
  readonly token: string
  readonly page: number
}

export interface Pages extends Omit<Page, 'page'> {
  readonly texts: readonly string[]
  readonly keepMs: number
}

/** Of an actor, or of all. */
export interface Slice {
  readonly actorId: string | undefined
  readonly offset: number
  readonly most: number
}

/** What is known of jobs beside their queues; all of it ends by itself, `keepMs` after it was last heard of. */
export interface JobRecords {
  /** Counts it among the unfinished of its actor; false, and nothing kept, where they are `most` already. */
  remember(request: JobRequest, most: number): Promise<boolean>
  forget(request: JobRequest): Promise<void>
  /** It is still there. */
  hear(request: JobRequest): Promise<void>
  /** These are unfinished no longer. */
  discount(actorId: string, ids: readonly string[]): Promise<void>
  /** Of an actor; some may have ended unseen. */
  unfinished(actorId: string): Promise<readonly string[]>
  sourceOf(id: string): Promise<string | undefined>
  /** Newest first, from the one at `offset`. */
  newest(slice: Slice): Promise<readonly string[]>
  /** A job that was cancelled before it was begun is in no queue. */
  keepCancelled(job: Job): Promise<void>
  cancelled(id: string): Promise<Job | undefined>
  keepPages(pages: Pages): Promise<void>
  dropPages(of: Omit<Page, 'page'>): Promise<void>
  readPage(page: Page): Promise<string | undefined>
}
