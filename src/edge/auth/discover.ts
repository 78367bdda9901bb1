import { fetchJson } from './fetch-json.ts'

/**
 * Where the keys of an issuer are, by OpenID Connect Discovery 1.0 §4 or RFC 8414 §3, which differ in
 * where the well-known part of the path stands.
 *
 * @throws what went wrong, for the log
 */
export async function discoverJwks(issuer: string, signal: AbortSignal): Promise<URL> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const openid = new URL(`${path}/.well-known/openid-configuration`, origin)
  const oauth = new URL(`/.well-known/oauth-authorization-server${path}`, origin)
  const found = await fetchJson(openid, signal).catch(async (error: unknown) =>
    // The first failure is the one to tell: most providers know that address.
    fetchJson(oauth, signal).catch(() => Promise.reject(error)),
  )
  const { issuer: named, jwks_uri: jwks } = (found ?? {}) as Record<string, unknown>
  if (named !== issuer) throw new Error(`the provider calls itself ${JSON.stringify(named)}`)
  if (typeof jwks !== 'string' || !URL.canParse(jwks)) throw new Error('it names no jwks_uri')
  const url = new URL(jwks)
  // What travels without TLS could be anybody's answer; an issuer on this machine may do without.
  if (url.protocol !== 'https:' && url.origin !== origin)
    throw new Error(`its jwks_uri is no https URL: ${jwks}`)
  return url
}
