import type { AppError } from '../../base/error.ts'
import { insufficientScopeCode, invalidTokenCode } from './refusal.ts'

export interface ChallengeOptions {
  /** Where clients learn of the authorization server, where there is one. */
  readonly metadataUrl: string | undefined
  /** What a client should ask for. */
  readonly scopes: readonly string[]
}

/** The value of WWW-Authenticate (RFC 6750 §3, RFC 9728 §5.1). */
export function toChallenge(error: AppError, { metadataUrl, scopes }: ChallengeOptions): string {
  const parts = {
    // Nothing is said of an error to whoever sent no token (RFC 6750 §3.1).
    ...faultOf(error),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    ...(metadataUrl === undefined ? {} : { resource_metadata: metadataUrl }),
  }
  const said = Object.entries(parts).map(([name, value]) => `${name}="${toQuotable(value)}"`)
  // The scheme is never alone.
  return `Bearer ${said.join(', ') || 'realm="vitrine"'}`
}

function faultOf({ code, subject, message }: AppError): Readonly<Record<string, string>> {
  if (code === 'not_allowed') return { error: insufficientScopeCode, error_description: message }
  if (subject !== invalidTokenCode) return {}
  return { error: invalidTokenCode, error_description: message }
}

/** The characters that RFC 6750 §3 takes in a description. */
const toQuotable = (text: string): string => text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '')
