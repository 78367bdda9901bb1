import type { Grant } from '../../base/actor.ts'

/** Who may come in over HTTP; at least one of them. */
export interface AuthOptions {
  /** The file of static tokens. */
  readonly tokens?: string | undefined
  readonly jwt?: JwtOptions | undefined
  readonly proxy?: ProxyOptions | undefined
}

/** Tokens that an OpenID provider signs. */
export interface JwtOptions {
  /** As the provider writes it in `iss`, to the letter. */
  readonly issuer: string
  /** Where its keys are; found by discovery where undefined. */
  readonly jwks: string | undefined
  /** Names of this server, one of which must stand in `aud`. */
  readonly audiences: readonly string[]
  readonly algorithms: readonly string[]
  /** How far the clocks of provider and server may be apart. */
  readonly clockSkewMs: number
  /** The claim that tells people apart. */
  readonly actorClaim: string
  /** The claims that scopes are read from. */
  readonly scopeClaims: readonly string[]
  /** What each scope opens. */
  readonly scopes: Readonly<Record<string, Grant>>
}

/** An issuer has no `#` in it, so no two actors of different issuers have one id (RFC 8414 §2). */
export const idPrefix = (issuer: string): string => `${issuer}#`

/** A proxy that has asked who somebody is. */
export interface ProxyOptions {
  /** Its addresses: `10.0.0.0/8`, `::1`. */
  readonly from: readonly string[]
  readonly actorHeader: string
  /** Names of tools, for this request only; the proxy may close tools with it, not open any. */
  readonly toolsHeader: string | undefined
  readonly secretHeader: string
  /** What the proxy must send besides. */
  readonly secret: string | undefined
  /** What everybody who comes by the proxy may use. */
  readonly grant: Grant
}
