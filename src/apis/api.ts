import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Actor } from '../base/actor.ts'
import { AppError, cancelled } from '../base/error.ts'
import { version } from '../base/version.ts'
import { createAddressCheck } from './address.ts'
import { type Change, toChange } from './change.ts'
import { withClaims, withoutClaims } from './claims.ts'
import { type Connections, exchange, isRedirect, type Outgoing, type Response } from './exchange.ts'
import { late, tooManyRedirects, unreachable } from './failure.ts'
import { createLookup, refuseClosedAddress, type Resolve } from './lookup.ts'
import { isWriting } from './method.ts'
import type { ApiOptions } from './options.ts'
import { follow } from './redirect.ts'
import type { ApiRequest } from './request.ts'
import { withRetries } from './retry.ts'
import { createHide } from './secrets.ts'

/** Who asks, and until when they wait. */
interface Caller {
  readonly signal: AbortSignal
  readonly actor?: Actor | undefined
}

/** The client of one API. */
export interface Api {
  /**
   * The response, whatever its status.
   *
   * @throws AppError for whatever kept it from being read whole; `not_allowed` where it is told who asks and nothing says it
   */
  ask(request: ApiRequest, caller: Caller): Promise<Response>
  /**
   * What would be sent, and nothing is yet.
   *
   * @throws AppError `not_allowed` where it is told who asks and nothing says it
   */
  prepare(request: ApiRequest, actor: Actor | undefined): Change
  /** Asks for its own URL, in nobody's name. The same is thrown. */
  reach(signal: AbortSignal): Promise<Response>
  /** Takes its credentials out of what it says. */
  readonly hide: (text: string) => string
  close(): void
}

const mostRedirects = 3
/** Milliseconds after which a connection that nobody uses is closed. */
const idleMs = 15_000

/** @param resolve finds the addresses of a name; the system does where it is left out */
export function createApi(options: ApiOptions, resolve?: Resolve): Api {
  const { limits, hosts } = options
  const base = new URL(options.url)
  const isOpen = createAddressCheck(options.privateAddresses)
  const pooled = {
    keepAlive: true,
    maxSockets: limits.concurrency,
    maxFreeSockets: limits.concurrency,
    timeout: idleMs,
  }
  const agents = { 'http:': new Agent(pooled), 'https:': new SecureAgent(pooled) }
  // What changes something gets a connection of its own, which nothing was sent on before.
  const unpooled = { maxSockets: limits.concurrency }
  const writers = { 'http:': new Agent(unpooled), 'https:': new SecureAgent(unpooled) }
  const connections: Connections = {
    agents,
    lookup: createLookup(isOpen, resolve),
    mostBytes: limits.responseBytes,
  }
  const alone: Connections = { ...connections, agents: writers }

  const send = async (first: Outgoing, signal: AbortSignal): Promise<Response> => {
    let outgoing = first
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      refuseClosedAddress(outgoing.url.hostname, isOpen)
      const response = await exchange(outgoing, connections, signal)
      if (!isRedirect(response.status)) return response
      outgoing = follow(outgoing, response, { base, hosts })
    }
    throw tooManyRedirects()
  }

  const ownQuery = new URLSearchParams(options.query).toString()

  const toUrl = ({ path, query }: Pick<ApiRequest, 'path' | 'query'>): URL => {
    const url = new URL(options.url + path)
    url.search = [ownQuery, query].filter((part) => part !== '').join('&')
    return url
  }

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<Response> => {
    const { method, headers } = request
    if (isWriting(method)) throw new Error('What changes something is prepared first.')
    const deadline = performance.now() + limits.timeoutMs
    const ending = new AbortController()
    const timer = setTimeout(() => ending.abort(), limits.timeoutMs)
    const either = AbortSignal.any([signal, ending.signal])
    try {
      if (signal.aborted) throw cancelled()
      const outgoing = { method, url: toUrl(request), headers }
      return await withRetries(() => send(outgoing, either), { deadline, signal: either })
    } catch (error) {
      if (signal.aborted) throw cancelled()
      if (ending.signal.aborted) throw late(limits.timeoutMs)
      throw error instanceof AppError ? error : unreachable(error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    hide: createHide(options.secrets),
    async ask(request, { signal, actor }) {
      const headers = toHeaders(request.headers, withClaims(options.headers, actor))
      return ask({ ...request, headers }, signal)
    },
    prepare(request, actor) {
      const about = request.body !== undefined && { 'content-type': 'application/json' }
      const own = withClaims(options.headers, actor)
      const headers = toHeaders({ ...request.headers, ...about }, own)
      return toChange(request, {
        options,
        url: toUrl(request),
        headers,
        connections: alone,
        isOpen,
      })
    },
    reach(signal) {
      const headers = toHeaders({}, withoutClaims(options.headers))
      return ask({ method: 'HEAD', path: '', query: '', headers }, signal)
    },
    close() {
      for (const agent of [...Object.values(agents), ...Object.values(writers)]) agent.destroy()
    },
  }
}

/** Whatever a call says, what the config says of the same header is sent. */
const toHeaders = (
  given: ApiRequest['headers'],
  own: ApiRequest['headers'],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ 'user-agent': `vitrine/${version}` })
      .concat(Object.entries(given), Object.entries(own))
      .map(([name, value]) => [name.toLowerCase(), value]),
  )
