/** Names that are allowed, or all there are. */
export type Allowed = 'all' | readonly string[]

/** What somebody may use. */
export interface Grant {
  /** Others are not listed to them, and answer as if they were not there. */
  readonly tools: Allowed
  readonly sources: Allowed
}

/** Who is accountable for a call. Made by whatever let the caller in; a tool only reads it. */
export interface Actor extends Grant {
  readonly id: string
  /** What is known of them, by name: `sub`, `tenant`. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** The actor with no more than the grant allows as well. */
export const narrow = (actor: Actor, { tools, sources }: Grant): Actor => ({
  ...actor,
  tools: both(actor.tools, tools),
  sources: both(actor.sources, sources),
})

function both(one: Allowed, other: Allowed): Allowed {
  if (one === 'all') return other
  return one.filter((name) => allows(other, name))
}

export const allows = (allowed: Allowed, name: string): boolean =>
  allowed === 'all' || allowed.includes(name)
