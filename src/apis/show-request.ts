import type { ApiRequest } from './request.ts'

/** A request as a person reads it before it is sent: all that the call gives, and no credentials. */
export function showRequest(
  { method, path, query, headers, body }: ApiRequest,
  { url = '', query: ownQuery = '' }: { readonly url?: string; readonly query?: string } = {},
): string {
  // As a URL spells it, which is how it is sent.
  const { search } = new URL(`http://x/?${[ownQuery, query].filter(Boolean).join('&')}`)
  return [
    `${method} ${url}${path}${search}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', body]),
  ].join('\n')
}
