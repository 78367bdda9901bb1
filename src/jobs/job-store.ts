import type { Actor } from '../base/actor.ts'
import type { ErrorAnswer } from '../base/error.ts'
import type { Progress } from '../base/progress.ts'

/** A question that goes on after its call came back. */
export interface JobRequest {
  /** 128 random bits: nobody finds a job by guessing. */
  readonly id: string
  /** Whose it is; nobody else may see, read or cancel it. */
  readonly actor: Actor
  readonly tool: string
  readonly arguments: unknown
  readonly source: string
  /** The same question of the same actor has the same key. */
  readonly key: string
  /** What its tool and its source were when it was asked: the answer to something else is none to it. */
  readonly definition: string
  /** Milliseconds for which the result is kept once there is one. */
  readonly keepMs: number
}

export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'

export interface Job {
  readonly request: JobRequest
  readonly state: JobState
  /** How often it was begun: 2 where the process that ran it first was lost. */
  readonly attempt: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly changedAt: number
  /** Of those that wait for the same source; 1 is next. Where it is queued. */
  readonly position?: number
  /** Of its statement; where it runs, and something is known. */
  readonly progress?: Pick<Progress, 'rows' | 'share'>
  /** Why it failed. */
  readonly error?: ErrorAnswer['error']
  /** How many pages the result has. Where it is completed. */
  readonly pages?: number
}

/** The right to run a job, until it is lost. */
export interface Claim {
  readonly request: JobRequest
  readonly attempt: number
  /** Told by the store, and only to it: a later attempt has another one. */
  readonly token: string
}

/** Whether to go on with what is claimed. */
export type Renewal = 'go on' | 'lost' | 'cancelled'

/**
 * Where jobs are kept. Several processes share one; each may end at any time. What a promise has
 * resolved is durable.
 */
export interface JobStore {
  /** How long a claim holds without being renewed. */
  readonly leaseMs: number
  /**
   * Keeps it, as queued, and gives its id; the id of an unfinished job of the same key instead, where
   * there is one; undefined, and nothing kept, where `most` jobs of the actor are unfinished already.
   */
  submit(request: JobRequest, most: number): Promise<string | undefined>
  /**
   * The oldest job of a source that waits, or whose process was lost; undefined where there is none, or
   * as many as `most` run already, in whatever process. One that was lost twice is failed instead
   * (`worker_lost`).
   */
  claim(source: string, most: number): Promise<Claim | undefined>
  /** Keeps the claim for another `leaseMs`. */
  renew(claim: Claim, progress?: Job['progress']): Promise<Renewal>
  /** Keeps the result, and ends the job; false, and nothing kept, where the claim was lost or the job cancelled. */
  complete(claim: Claim, pages: readonly string[]): Promise<boolean>
  fail(claim: Claim, error: ErrorAnswer['error']): Promise<boolean>
  /** Gives it back unfinished, before all that wait and without counting as an attempt: this process ends. */
  release(claim: Claim): Promise<void>
  /** Undefined where there is none, or it ended, or was last heard of, `keepMs` ago. */
  find(id: string): Promise<Job | undefined>
  /** One page of a result, from 0; undefined where it is not, or no longer, kept. */
  readPage(id: string, page: number): Promise<string | undefined>
  /** Ends it, wherever it runs; nothing where it has ended. */
  cancel(id: string): Promise<void>
  /** Newest first. */
  list(options: { readonly actorId?: string; readonly most: number }): Promise<readonly Job[]>
  /** Resolves when the job may have changed, at once where it has ended; at the latest after so many milliseconds. */
  whenChanged(id: string, withinMs: number, signal: AbortSignal): Promise<void>
  /** Calls back with the id of a job that is claimed here and was cancelled, by whatever process. Gives what ends that. */
  watchCancelled(listener: (id: string) => void): () => void
  /** Fails where jobs cannot be kept, or found, now. */
  ready(): Promise<void>
  close(): Promise<void>
}
