import { timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../base/actor.ts'
import { AppError, toAppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Authenticator } from './authenticator.ts'
import type { Notice } from './notice.ts'
import { expiredToken, invalidToken } from './refusal.ts'
import { readTokenFile, type TokenFile } from './token-file.ts'
import { hashOf, type Token } from './token.ts'

/** A revoked token is refused so much later at most. */
const lookEveryMs = 1000
const longestLookMs = 1000

interface Known {
  readonly stamp: string | undefined
  /** By hash; undefined where the file is broken, and nobody comes in. */
  readonly tokens: ReadonlyMap<string, Token> | undefined
}

/** The tokens of a file as it is now: the first call after a second looks whether it changed. */
export function createLiveTokens(path: string, notice: Notice): Authenticator {
  let known: Known = { stamp: undefined, tokens: undefined }
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    lookedAt = performance.now()
    try {
      const file = await readTokenFile(path, known.stamp)
      if (file !== undefined) known = { stamp: file.stamp, tokens: byHash(file) }
      notice(undefined)
    } catch (error) {
      known = { stamp: undefined, tokens: undefined }
      const { message, hint } = toAppError(error)
      notice(`No static token is taken: ${message} ${hint}`)
    }
  }

  return {
    async actorOf(text) {
      if (looking !== undefined || performance.now() - lookedAt >= lookEveryMs) {
        looking ??= look().finally(() => (looking = undefined))
        await within(looking, longestLookMs, closed)
      }
      if (known.tokens === undefined) throw closed()
      return toActor(find(known.tokens, text))
    },
  }
}

const byHash = ({ tokens }: TokenFile): ReadonlyMap<string, Token> =>
  new Map(tokens.map((token) => [token.hash, token]))

/**
 * The way into the map depends on the hash of what was sent, which nobody can steer towards that of
 * a token without knowing it; the comparison itself takes the same time for any two hashes.
 */
function find(tokens: ReadonlyMap<string, Token>, text: string): Token {
  const hash = hashOf(text)
  const token = tokens.get(hash)
  if (token === undefined || !timingSafeEqual(Buffer.from(token.hash), Buffer.from(hash)))
    throw invalidToken()
  if (Date.now() >= +token.expires) throw expiredToken()
  return token
}

/** `sub` is the name of the token, unless its claims say otherwise. */
const toActor = ({ name, claims, tools, sources }: Token): Actor => ({
  id: `token:${name}`,
  claims: { sub: name, ...claims },
  tools,
  sources,
})

const closed = (): AppError =>
  new AppError('source_unavailable', 'Tokens cannot be checked at the moment.', {
    hint: 'Tell the person who runs the server: its log says why.',
  })
