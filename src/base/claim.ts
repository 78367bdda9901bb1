import type { Actor } from './actor.ts'

/** What is known of the caller under that name, as text; undefined where nothing is. */
export function textOfClaim(claim: string, actor: Actor | undefined): string | undefined {
  const value = actor && Object.hasOwn(actor.claims, claim) ? actor.claims[claim] : undefined
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
