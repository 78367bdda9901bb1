import type { Actor } from './actor.ts'
import { AppError } from './error.ts'

/** What is known of the caller under that name, as text; undefined where nothing is. */
export function textOfClaim(claim: string, actor: Actor | undefined): string | undefined {
  const value = actor && Object.hasOwn(actor.claims, claim) ? actor.claims[claim] : undefined
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** The caller is not known well enough. */
export const missingClaim = (message: string): AppError =>
  new AppError('not_allowed', message, {
    hint: 'Tell the person who runs the server: the sign-in, or `claims` of the config, says it.',
  })
