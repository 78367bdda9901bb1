import type { Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { AppError } from '../../base/error.ts'

export interface Address {
  /** Undefined for every address of this machine. */
  readonly host: string | undefined
  readonly port: number
}

/** `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address. */
export function toAddress(listen: string): Address {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*)):(\d+)$/.exec(listen) ?? []
  return { host: bracketed ?? (plain || undefined), port: Number(port) }
}

/** Where a client on this machine finds /mcp. */
export const toMcpUrl = ({ host = 'localhost', port }: Address): string =>
  `http://${isIPv6(host) ? `[${host}]` : host}:${port}/mcp`

/**
 * Lets a server listen.
 *
 * @returns the port, for where any was asked for
 */
export const bind = (server: Server, { host, port }: Address): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(cannotListen(error, { host, port })),
    )
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const cannotListen = (error: NodeJS.ErrnoException, { host, port }: Address): AppError =>
  new AppError(
    'config_invalid',
    `Port ${port}${host === undefined ? '' : ` of ${host}`} cannot be listened on (${error.code ?? 'unknown'}).`,
    {
      cause: error,
      hint:
        error.code === 'EADDRINUSE'
          ? 'Something listens there already: choose another port with --http, http.listen or http.metrics.'
          : 'Choose another address with --http, http.listen or http.metrics.',
    },
  )
