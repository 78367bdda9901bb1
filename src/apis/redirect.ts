import { strayRedirect } from './failure.ts'
import type { Outgoing, Response } from './exchange.ts'

export interface RedirectRules {
  /** Of the API, as its options have it. */
  readonly base: URL
  /** Origins besides its own. */
  readonly hosts: readonly string[]
}

/**
 * Where a redirect leads: below the URL of the API, for what is beside it was not declared; or to a
 * host that the config names, which gets nothing of what the API gets.
 *
 * @throws AppError `query_failed`
 */
export function follow(
  from: Outgoing,
  { headers }: Response,
  { base, hosts }: RedirectRules,
): Outgoing {
  const { location = '' } = headers
  if (location === '' || !URL.canParse(location, from.url.href))
    throw strayRedirect(from.url, 'no place at all')
  const url = new URL(location, from.url)
  const isPlain = url.username === '' && url.password === ''
  if (isPlain && isBelow(url, base) && from.url.origin === base.origin) return { ...from, url }
  if (isPlain && hosts.includes(url.origin)) return { method: from.method, url, headers: {} }
  throw strayRedirect(from.url, url.origin + url.pathname)
}

/** Whatever a server makes of `%2e` and `%2f`, it is not below. */
function isBelow({ origin, pathname }: URL, base: URL): boolean {
  if (origin !== base.origin || /%2e|%2f|%5c/i.test(pathname)) return false
  return pathname === base.pathname || pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`)
}
