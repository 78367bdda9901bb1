/** A request that changes something: what will be sent is settled before anybody is asked. */
import { createHash } from 'node:crypto'
import type { ApiRequest } from './request.ts'
import type { Connections } from './exchange.ts'
import { refuseClosedAddress } from './lookup.ts'
import type { ApiOptions } from './options.ts'
import { sendOnce, type Written } from './send-once.ts'
import { showRequest } from './show-request.ts'

export interface Change {
  /** All of it that the call gives, for a person; no credentials. */
  readonly shown: string
  /** Of all that is sent, and where: for whoever compares. SHA-256. */
  readonly digest: string
  /** Sends it: once, whatever comes of it. @throws AppError */
  send(signal: AbortSignal): Promise<Written>
}

export interface Sending {
  readonly options: ApiOptions
  /** With the API's own query. */
  readonly url: URL
  /** With the API's own. */
  readonly headers: Readonly<Record<string, string>>
  readonly connections: Connections
  readonly isOpen: (address: string) => boolean
}

export function toChange(
  request: ApiRequest,
  { options, url, headers, connections, isOpen }: Sending,
): Change {
  const { method } = request
  const body = request.body === undefined ? undefined : Buffer.from(request.body)
  return {
    shown: showRequest(request, { url: options.shownUrl, query: shownQuery(options) }),
    digest: createHash('sha256')
      .update(JSON.stringify([method, url.href, headers, request.body]))
      .digest('base64url'),
    async send(signal) {
      refuseClosedAddress(url.hostname, isOpen)
      const { timeoutMs } = options.limits
      return sendOnce({ method, url, headers, body }, { connections, timeoutMs, signal })
    },
  }
}

/** As it is put into every URL, credentials aside. */
const shownQuery = ({ query, secrets }: ApiOptions): string =>
  new URLSearchParams(
    Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, secrets.includes(value) ? '***' : value]),
    ),
  ).toString()
