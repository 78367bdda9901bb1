import type { Actor } from '../base/actor.ts'
import { textOfClaim } from '../base/claim.ts'
import { AppError } from '../base/error.ts'

/** `{claim:sub}` */
export const claimPattern = /\{claim:([^{}]+)\}/g

/**
 * Headers of a call, with what is known of the caller put in. A claim that is missing refuses the
 * call: an API may take a header that is not there for everybody.
 *
 * @throws AppError `not_allowed`
 */
export const withClaims = (
  headers: Readonly<Record<string, string>>,
  actor: Actor | undefined,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([header, template]) => [
      header,
      template.replaceAll(claimPattern, (_whole, claim: string) => toHeaderText(claim, actor)),
    ]),
  )

/** Those that are the same for everybody. */
export const withoutClaims = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([, template]) => template.search(claimPattern) === -1),
  )

/** Printable ASCII: nothing of a claim may end its header, or be read differently at the other end. */
function toHeaderText(claim: string, actor: Actor | undefined): string {
  const value = textOfClaim(claim, actor)
  if (value !== undefined && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value
  const what = value === undefined ? 'nothing says it' : 'it has characters that no header holds'
  throw new AppError('not_allowed', `This API is told the caller's ${claim}, and ${what}.`, {
    hint: 'Tell the person who runs the server: the sign-in, or `claims` of the config, says it.',
  })
}
