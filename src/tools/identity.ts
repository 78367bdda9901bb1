import type { Actor } from '../base/actor.ts'
import { missingClaim, textOfClaim } from '../base/claim.ts'

/**
 * The settings by which a database tells its rows apart, filled from what is known of the caller. A
 * claim that is missing refuses the call: a policy of rows may take an empty setting for everybody.
 *
 * @param wanted setting of the session → name of the claim
 * @throws AppError `not_allowed`
 */
export function identityOf(
  actor: Actor | undefined,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(wanted).map(([setting, claim]) => [setting, toText(claim, actor)]),
  )
}

function toText(claim: string, actor: Actor | undefined): string {
  const value = textOfClaim(claim, actor)
  if (value !== undefined) return value
  throw missingClaim(`This source shows rows by who asks, and nothing says the caller's ${claim}.`)
}
