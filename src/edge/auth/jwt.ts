import { errors, jwtVerify, type JWTPayload } from 'jose'
import type { Actor } from '../../base/actor.ts'
import { AppError } from '../../base/error.ts'
import type { Authenticator } from './authenticator.ts'
import type { Notice } from './notice.ts'
import { idPrefix, type JwtOptions } from './options.ts'
import { createProviderKeys } from './provider-keys.ts'
import { expiredToken, invalidToken, noScope } from './refusal.ts'
import { createScopes } from './scopes.ts'

/** Checks what a provider signed (RFC 7519, RFC 9068); the kind of the token (`typ`) is not, for few set it. */
export function createJwtAuthenticator(options: JwtOptions, notice: Notice): Authenticator {
  const { issuer, audiences, algorithms, clockSkewMs } = options
  const findKey = createProviderKeys(options, notice)
  const scopes = createScopes(options)
  const expected = {
    issuer,
    audience: [...audiences],
    algorithms: [...algorithms],
    clockTolerance: clockSkewMs / 1000,
    // Without it a token would never end.
    requiredClaims: ['exp'],
  }
  return {
    async actorOf(token) {
      const { payload } = await jwtVerify(token, findKey, expected).catch((error: unknown) => {
        throw toRefusal(error)
      })
      const grant = scopes.grantOf(payload)
      if (grant === undefined) throw noScope()
      return { id: idOf(payload, options), claims: payload, ...grant } satisfies Actor
    },
  }
}

function idOf(payload: JWTPayload, { issuer, actorClaim }: JwtOptions): string {
  const value = Object.hasOwn(payload, actorClaim) ? payload[actorClaim] : undefined
  if (typeof value === 'string' && namePattern.test(value)) return `${idPrefix(issuer)}${value}`
  throw new AppError('not_allowed', `The token does not say whose it is: it has no ${actorClaim}.`)
}

/** Goes into logs and keys. */
const namePattern = /^[^\p{Cc}]{1,256}$/u

function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof errors.JWTExpired) return expiredToken()
  return invalidToken(error)
}
