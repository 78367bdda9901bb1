import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Actor, type Grant, narrow } from '../../base/actor.ts'
import { toAppError } from '../../base/error.ts'
import { asksForToken } from '../../edge/auth/refusal.ts'
import { allowCors } from './cors.ts'
import {
  type Exchange,
  type Route,
  sendError,
  sendJson,
  toArrival,
  toExchange,
} from './exchange.ts'
import { createMcpRoute, type Entered } from './mcp-route.ts'
import type { HttpParts } from './parts.ts'
import { createBodyReader } from './read-body.ts'
import { createSseRoute } from './sse-route.ts'
import { createStreamPlaces } from './stream-places.ts'

export interface Routes {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends every stream and every call that is still open. */
  close(): Promise<void>
}

/** Where clients look for it: the path of the resource put in (RFC 9728 §3.1), and without. */
const metadataPath = '/.well-known/oauth-protected-resource'

const everything: Grant = { tools: 'all', sources: 'all' }

/** By method and path. */
type RouteTable = Readonly<Record<string, Route>>

type Groups = ReturnType<HttpParts['groups']>

/** Every path we serve, each behind the checks it needs. */
export function createRoutes(parts: HttpParts): Routes {
  const readBody = createBodyReader()
  const places = createStreamPlaces()
  const mcp = createMcpRoute(parts, places)
  const sse = parts.legacySse ? createSseRoute({ ...parts, places }) : undefined
  /** Who asks, for the record of what is refused after that. */
  const admitted = new WeakMap<Exchange, Actor>()
  const admit = async (exchange: Exchange): Promise<Actor> => {
    const actor = await parts.door.admit(toArrival(exchange.request))
    admitted.set(exchange, actor)
    return actor
  }

  const sendReadiness: Route = async (exchange) => {
    const { isReady, ...state } = await parts.readiness()
    sendJson(exchange, state, { status: isReady ? 200 : 503 })
  }

  /** What a client of tools asks for; a group has paths of its own. */
  const toolRoutes = (suffix: string, group: Grant): RouteTable => {
    const enter = async (exchange: Exchange): Promise<Entered> => {
      const actor = narrow(await admit(exchange), group)
      return { actor, group }
    }
    return {
      [`GET ${metadataPath}${parts.prefix}/mcp${suffix}`]: (exchange) =>
        sendMetadata(exchange, parts),
      [`GET /tools${suffix}`]: async (exchange) =>
        sendJson(exchange, parts.toolsetOf((await enter(exchange)).actor).listed),
      [`POST /mcp${suffix}`]: async (exchange) => {
        const entered = await enter(exchange)
        await mcp.serve(exchange, entered, await readBody(exchange.request))
      },
      // Of sessions, which there are none of: the library says so.
      [`GET /mcp${suffix}`]: async (exchange) => mcp.serve(exchange, await enter(exchange), ''),
      [`DELETE /mcp${suffix}`]: async (exchange) => mcp.serve(exchange, await enter(exchange), ''),
    }
  }

  const fixed: RouteTable = {
    'GET /healthz': sendHealth,
    'GET /readyz': sendReadiness,
    // So ask some load balancers.
    'HEAD /healthz': sendHealth,
    'HEAD /readyz': sendReadiness,
    [`GET ${metadataPath}`]: (exchange) => sendMetadata(exchange, parts),
    ...toolRoutes('', everything),
    ...(sse && {
      'GET /sse': async (exchange: Exchange) => sse.open(exchange, await admit(exchange)),
      'POST /messages': async (exchange: Exchange) => {
        const actor = await admit(exchange)
        sse.post(exchange, actor, await readBody(exchange.request))
      },
    }),
  }
  let known: { readonly groups: Groups; readonly routes: RouteTable } | undefined
  /** Those of the groups that there are now. */
  const routesNow = (): RouteTable => {
    const groups = parts.groups()
    if (known?.groups === groups) return known.routes
    const ofGroups = [...groups].map(([name, group]) => toolRoutes(`/${name}`, group))
    const routes = ofGroups.reduce((all, some) => ({ ...all, ...some }), fixed)
    known = { groups, routes }
    return routes
  }

  return {
    async handle(request, response) {
      const exchange = toExchange(request, response)
      const { path } = exchange
      const routes = routesNow()
      const route = routes[`${request.method} ${path}`]
      response.once('close', () => {
        const status = response.headersSent ? response.statusCode : clientGone
        parts.onAnswered(route === undefined ? 'other' : path, status)
      })
      try {
        parts.checkHost(toArrival(request))
        if (allowCors(exchange)) return
        if (route === undefined) sendNoRoute(exchange, methodsOf(routes, path))
        else await route(exchange)
      } catch (error) {
        refuse({ exchange, actor: admitted.get(exchange), parts }, error)
      }
    },
    async close() {
      await Promise.all([mcp.close(), sse?.close()])
    },
  }
}

/** For the figures, where nothing was sent: the number that nginx uses. */
const clientGone = 499

const methodsOf = (routes: RouteTable, path: string): readonly string[] =>
  Object.keys(routes).flatMap((key) => (key.endsWith(` ${path}`) ? key.split(' ', 1) : []))

function sendNoRoute(exchange: Exchange, methods: readonly string[]): void {
  if (methods.length === 0) return void sendNothing(exchange)
  const allow = methods.join(', ')
  sendJson(exchange, { error: `This path takes ${allow}.` }, { status: 405, headers: { allow } })
}

const sendHealth: Route = (exchange) => sendJson(exchange, { status: 'ok' })

const sendNothing: Route = (exchange) =>
  sendJson(exchange, { error: 'There is nothing at this path.' }, { status: 404 })

function sendMetadata(exchange: Exchange, { door: { metadata } }: HttpParts): void {
  if (metadata === undefined) return void sendNothing(exchange)
  sendJson(exchange, metadata, { headers: { 'cache-control': 'max-age=3600' } })
}

interface Refused {
  readonly exchange: Exchange
  /** Undefined for whoever did not come in. */
  readonly actor: Actor | undefined
  readonly parts: HttpParts
}

function refuse({ exchange, actor, parts }: Refused, thrown: unknown): void {
  const { door, onError, onRefused } = parts
  const error = toAppError(thrown)
  onError(error)
  onRefused({ arrival: toArrival(exchange.request), error, ...(actor && { actor }) })
  const challenge = asksForToken(error) ? { 'www-authenticate': door.challenge(error) } : undefined
  sendError(exchange, error, challenge)
}
