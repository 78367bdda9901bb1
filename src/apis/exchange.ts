import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as requestByHttp,
} from 'node:http'
import { request as requestByHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Method } from './method.ts'
import { readBody } from './read-body.ts'

/** One request, to one place. */
export interface Outgoing {
  readonly method: Method
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
}

export interface Response {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Unpacked; empty where a redirect or a HEAD has none to be read. */
  readonly body: Buffer
}

export interface Connections {
  readonly agents: Readonly<Record<string, Agent>>
  readonly lookup: LookupFunction
  readonly mostBytes: number
}

const mostHeaderBytes = 32 * 1024

/**
 * Sends one request and reads its response; the signal ends both, socket included.
 *
 * @throws AppError for a response that is too large or unreadable; whatever the socket says otherwise
 */
export function exchange(
  outgoing: Outgoing,
  connections: Connections,
  signal: AbortSignal,
): Promise<Response> {
  const { method } = outgoing
  const { mostBytes } = connections
  return new Promise((resolve, reject) => {
    const request = toRequest(outgoing, connections, signal)
    let isAnswered = false
    // Once there is a response, whoever reads it is told: a body that was given up on resets the connection.
    request.on('error', (error) => isAnswered || reject(error))
    request.on('response', (incoming) => {
      isAnswered = true
      const { statusCode: status = 0, headers: received } = incoming
      if (method === 'HEAD' || isRedirect(status)) {
        resolve({ status, headers: received, body: Buffer.alloc(0) })
        // What a redirect says besides may be of any length.
        if (method === 'HEAD') incoming.resume()
        else request.destroy()
        return
      }
      readBody(incoming, mostBytes).then(
        (body) => resolve({ status, headers: received, body }),
        (error: unknown) => {
          // What is not read to its end leaves no connection to go on with.
          request.destroy()
          reject(error)
        },
      )
    })
    request.end()
  })
}

/** Nothing of it is sent yet. */
export function toRequest(
  { method, url, headers }: Outgoing,
  { agents, lookup }: Connections,
  signal: AbortSignal,
): ClientRequest {
  const create = url.protocol === 'https:' ? requestByHttps : requestByHttp
  return create({
    method,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { accept: 'application/json, */*;q=0.5', ...headers, 'accept-encoding': encodings },
    agent: agents[url.protocol],
    lookup,
    signal,
    maxHeaderSize: mostHeaderBytes,
  })
}

const encodings = 'gzip, br'

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)
