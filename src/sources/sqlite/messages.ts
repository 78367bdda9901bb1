/** What travels between the driver and its worker process (structured clone). */
import type { OnProgress } from '../../base/progress.ts'
import type { Limits } from '../source.ts'
import type { Parameter } from '../statement.ts'
import type { AccessRules, SqliteTerms } from './terms.ts'

export interface QueryRequest {
  readonly kind: 'query'
  readonly text: string
  readonly parameters: readonly Parameter[]
  readonly terms: Omit<SqliteTerms, 'rules'>
  readonly catalogVersion: string
  /** Left out where the worker was sent the same rules last time. */
  readonly rules: AccessRules | undefined
  readonly limits: Limits
  readonly prepareOnly: boolean
}

/** As the worker has it. */
export interface HeardRequest extends QueryRequest {
  readonly onProgress: OnProgress
}

export type Request =
  | { readonly kind: 'open'; /** Absolute. */ readonly path: string }
  | QueryRequest
  | { readonly kind: 'catalog' }
  | { readonly kind: 'examine' }
