import type { ApiRequest } from './api.ts'

/** A request as a person reads it before it is sent: all that the call gives, and no credentials. */
export function showRequest(
  { method, path, query, headers, body }: ApiRequest,
  { url = '', query: ownQuery = '' }: { readonly url?: string; readonly query?: string } = {},
): string {
  const search = [ownQuery, query].filter((part) => part !== '').join('&')
  return [
    `${method} ${url}${path}${search === '' ? '' : `?${search}`}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', body]),
  ].join('\n')
}
