/** What travels between the writer and its worker process (structured clone). */
import type { Limits } from '../source.ts'
import type { Parameter } from '../statement.ts'

export interface ChangeText {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

export type ChangeRequest =
  | { readonly kind: 'open'; /** Absolute. */ readonly path: string }
  | (ChangeText & { readonly kind: 'prepare' })
  /** Leaves the transaction open where it succeeds. */
  | (ChangeText & { readonly kind: 'change'; readonly limits: Limits; readonly most: number })
  | { readonly kind: 'commit' }
  | { readonly kind: 'close' }
