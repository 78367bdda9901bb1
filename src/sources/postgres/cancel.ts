import { isIP } from 'node:net'
import pg from 'pg'
import type { ConnectionOptions } from 'node:tls'
import type { ConnectOptions } from './options.ts'
import type { Wire } from './wire.ts'

export interface CancelTarget {
  readonly options: ConnectOptions
  readonly tls: ConnectionOptions | false
  /** Where the session is connected to; undefined for a socket in the file system. */
  readonly address: string | undefined
  readonly processID: number
  readonly secretKey: number
}

/**
 * Asks the server over a connection of its own, encrypted like the other one, to cancel what a session
 * runs (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS).
 * Resolves when the server has closed it, or the time is over: whether it obeyed is seen elsewhere.
 */
export function sendCancel(target: CancelTarget, timeoutMs: number): Promise<void> {
  const { options, tls, address, processID, secretKey } = target
  const { host, port } = options
  const connection = new pg.Connection({ ssl: tls && named(tls, host) }) as unknown as Wire
  return new Promise((resolve) => {
    const timer = setTimeout(() => connection.stream.destroy(), timeoutMs)
    const done = (): void => {
      clearTimeout(timer)
      connection.stream.destroy()
      resolve()
    }
    const cancel = (): void => connection.cancel(processID, secretKey)
    connection.on('connect', () => (tls === false ? cancel() : connection.requestSsl()))
    connection.on('sslconnect', cancel)
    connection.on('error', done)
    connection.on('end', done)
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`)
    else connection.connect(port, address ?? host)
  })
}

/** The certificate is for the name, also where the address is what is connected to. */
const named = (tls: ConnectionOptions, host: string): ConnectionOptions =>
  isIP(host) === 0 ? { ...tls, host, servername: host } : { ...tls, host }
