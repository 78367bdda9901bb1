import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { AppError } from '../../base/error.ts'
import { discoverJwks } from './discover.ts'
import { fetchJson } from './fetch-json.ts'
import type { Notice } from './notice.ts'
import type { JwtOptions } from './options.ts'

/** A key that the provider took back is believed so much longer at most. */
const freshMs = 10 * 60 * 1000
/** A token with an unknown key makes the server ask again; anybody can write such tokens, so not often. */
const askAgainMs = 10 * 1000
/** Discovery and keys together. */
const readMs = 4000
/** A provider that is down is left alone so long. */
const restMs = 3000

type Provider = Pick<JwtOptions, 'issuer' | 'jwks'>

interface Keys {
  readonly find: JWTVerifyGetKey
  readonly readAt: number
}

/**
 * The keys of a provider, read when a token comes and kept for ten minutes. A key that is not among
 * them makes them be read again, so a new one is known at once.
 *
 * @returns what finds a key for a token; throws AppError `source_unavailable` where the provider
 *   does not answer
 */
export function createProviderKeys(provider: Provider, notice: Notice): JWTVerifyGetKey {
  let keys: Keys | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let askedAgainAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Keys> | undefined

  async function read(): Promise<Keys> {
    try {
      const find = createLocalJWKSet(await readKeys(provider))
      notice(undefined)
      return (keys = { find, readAt: performance.now() })
    } catch (error) {
      failedAt = performance.now()
      notice(`No signed token is taken: the provider ${provider.issuer} ${explainFailure(error)}`)
      throw unavailable(error)
    }
  }

  const readOnce = (): Promise<Keys> => {
    if (reading === undefined && performance.now() - failedAt < restMs) throw unavailable()
    return (reading ??= read().finally(() => (reading = undefined)))
  }

  /** Once in a while only. */
  const readAgain = (error: unknown): Promise<Keys> => {
    if (performance.now() - askedAgainAt < askAgainMs) throw error
    askedAgainAt = performance.now()
    return readOnce()
  }

  return async (header, token) => {
    const isFresh = keys !== undefined && performance.now() - keys.readAt < freshMs
    const known = isFresh && keys ? keys : await readOnce()
    try {
      return await known.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      return (await readAgain(error)).find(header, token)
    }
  }
}

/** @throws what went wrong, for the log */
export async function readKeys({ issuer, jwks }: Provider): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(readMs)
  const url = jwks === undefined ? await discoverJwks(issuer, signal) : new URL(jwks)
  return (await fetchJson(url, signal)) as JSONWebKeySet
}

export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be asked.'
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `cannot be asked (${error.message}${cause}).`
}

const unavailable = (cause?: unknown): AppError =>
  new AppError('source_unavailable', 'The sign-in service cannot be reached to check the token.', {
    hint: 'Try again in a moment; if it stays so, tell the person who runs the server.',
    retryAfterMs: restMs,
    cause,
  })
