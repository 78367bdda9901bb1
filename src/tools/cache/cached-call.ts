import { z } from 'zod'
import type { DeclaredSource } from '../served-source.ts'

/** How answers of a tool may be given again. */
export interface CacheTerms {
  readonly ttlMs: number
  /**
   * To whoever has the same identity in the source, and not only to the one who asked: nothing else of
   * the caller may make a difference to the answer.
   */
  readonly isShared: boolean
}

/** A call whose answer may have been given before. */
export interface CachedCall extends CacheTerms {
  readonly source: DeclaredSource
  /** As the tool takes them, without those that say where to ask and how. */
  readonly arguments: unknown
  /** Whoever asks wants the database's own answer. */
  readonly isFresh: boolean
}

/** What a tool lists whose answers may be given again. */
export const freshArgument = z
  .boolean()
  .optional()
  .describe('True asks the database; otherwise an answer may be {"cached":{"age_s"}} old')
