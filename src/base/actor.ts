/** Who is accountable for a call. Made by whatever let the caller in; a tool only reads it. */
export interface Actor {
  readonly id: string
  /** What is known of them, by name: `sub`, `tenant`. */
  readonly claims: Readonly<Record<string, unknown>>
}
