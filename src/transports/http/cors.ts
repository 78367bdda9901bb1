import type { Exchange } from './exchange.ts'

const allowed = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id',
  'access-control-max-age': '86400',
}

/**
 * Lets the page of an allowed origin read the answer (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * The origin was checked before.
 *
 * @returns true where the request was a question about that, and is answered
 */
export function allowCors({ request, response }: Exchange): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate, Retry-After')
  response.setHeader('vary', 'Origin')
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204, allowed).end()
  return true
}
