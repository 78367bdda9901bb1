/** A statement with the values bound to its placeholders. */
export interface Bound {
  readonly text: string
  readonly values: readonly (string | null)[]
}
