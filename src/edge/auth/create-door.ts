import { lazily } from '../../base/lazily.ts'
import type { Door } from '../door.ts'
import type { Authenticator } from './authenticator.ts'
import { readBearer } from './bearer.ts'
import { toChallenge } from './challenge.ts'
import { createLiveTokens } from './live-tokens.ts'
import { createNotice, type Notice } from './notice.ts'
import { type AuthOptions, idPrefix, type JwtOptions } from './options.ts'
import { toMetadataUrl, toResourceMetadata } from './protected-resource.ts'
import { createVoucher } from './proxy.ts'
import { invalidToken, noCredentials } from './refusal.ts'
import { createScopes } from './scopes.ts'
import { isTokenText } from './token.ts'

export interface DoorOptions {
  readonly auth: AuthOptions
  /** The URL of /mcp as clients type it. */
  readonly resource: string
  /** Told, once each, what keeps tokens from being checked. */
  readonly tell: (message: string) => void
}

/** What the config allows, as one door. Nothing is read and nobody asked before somebody comes. */
export function createDoor({ auth, resource, tell }: DoorOptions): Door {
  const { tokens, jwt, proxy } = auth
  const voucher = proxy && createVoucher(proxy)
  const kinds: Kinds = {
    static: tokens === undefined ? undefined : createLiveTokens(tokens, createNotice(tell)),
    signed: jwt && createSigned(jwt, createNotice(tell)),
  }
  return {
    async admit(arrival) {
      const vouched = voucher?.(arrival)
      if (vouched !== undefined) return vouched
      const token = readBearer(arrival.header('authorization'))
      if (token === undefined) throw noCredentials()
      const authenticator = isTokenText(token) ? kinds.static : kinds.signed
      if (authenticator === undefined) throw invalidToken()
      return authenticator.actorOf(token)
    },
    ...(jwt === undefined ? withoutProvider : withProvider(jwt, resource)),
  }
}

/** A token is of one kind by its look, and is judged by that one alone. */
interface Kinds {
  readonly static: Authenticator | undefined
  readonly signed: Authenticator | undefined
}

/** The library is loaded by the first token that needs it. */
function createSigned(jwt: JwtOptions, notice: Notice): Authenticator {
  const load = lazily(async () => {
    const { createJwtAuthenticator } = await import('./jwt.ts')
    return createJwtAuthenticator(jwt, notice)
  })
  return { actorOf: async (token) => (await load()).actorOf(token) }
}

type Told = Omit<Door, 'admit'>

const withoutProvider: Told = {
  missingScopes: () => [],
  challenge: (error) => toChallenge(error, { metadataUrl: undefined, scopes: [] }),
  metadata: undefined,
}

function withProvider(jwt: JwtOptions, resource: string): Told {
  const scopes = createScopes(jwt)
  const metadataUrl = toMetadataUrl(resource)
  return {
    missingScopes: ({ id, claims }, tool) =>
      id.startsWith(idPrefix(jwt.issuer)) ? scopes.toOpen(tool, claims) : [],
    challenge: (error, asked = scopes.requestable) =>
      toChallenge(error, { metadataUrl, scopes: asked }),
    metadata: toResourceMetadata(resource, jwt.issuer, scopes.requestable),
  }
}
