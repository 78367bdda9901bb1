/** Names that are allowed, or all there are. */
export type Allowed = 'all' | readonly string[]

/** Who is accountable for a call. Made by whatever let the caller in; a tool only reads it. */
export interface Actor {
  readonly id: string
  /** What is known of them, by name: `sub`, `tenant`. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Others are not listed to them, and answer as if they were not there. */
  readonly tools: Allowed
  readonly sources: Allowed
}

export const allows = (allowed: Allowed, name: string): boolean =>
  allowed === 'all' || allowed.includes(name)
