/** A statement with the values bound to its placeholders. */
export interface Bound {
  readonly text: string
  readonly values: readonly (string | null)[]
  /** Of ours, and always the same text: a connection may keep it under this name, parsed and planned. */
  readonly name?: string
}
