import pg from 'pg'
import type { ConnectionOptions } from 'node:tls'
import { AppError, cancelled } from '../../base/error.ts'
import { toFailure } from './failure.ts'
import type { ConnectOptions } from './options.ts'
import { tlsAttempts } from './tls.ts'
import type { Wire } from './wire.ts'

/** What pg's Client holds and its published types leave out. */
export interface ClientInside {
  readonly connection: Wire
  readonly processID: number
  readonly secretKey: number
}

export interface Connected {
  readonly client: pg.Client
  /** How it is encrypted, or that it is not. */
  readonly tls: ConnectionOptions | false
}

/** Encrypted or not, as the options say; cancelled, it leaves no connection behind. */
export async function connect(options: ConnectOptions, signal: AbortSignal): Promise<Connected> {
  const attempts = tlsAttempts(options)
  for (const [index, tls] of attempts.entries()) {
    const client = new pg.Client(toConfig(options, tls))
    try {
      await attempt(client, { options, tls, signal })
      return { client, tls }
    } catch (error) {
      destroy(client)
      const isLast = index === attempts.length - 1
      if (signal.aborted || isLast || !mayWorkInTheClear(error)) throw toFailure(error)
    }
  }
  throw new AppError('internal', 'There was no way to connect.')
}

export const destroy = (client: pg.Client): void => {
  ;(client as unknown as ClientInside).connection.stream.destroy()
}

interface Attempt {
  readonly options: ConnectOptions
  readonly tls: ConnectionOptions | false
  readonly signal: AbortSignal
}

function toConfig(options: ConnectOptions, tls: ConnectionOptions | false): pg.ClientConfig {
  const { host, port, user, password, database, applicationName, connectMs } = options
  return {
    host,
    port,
    user,
    password,
    database,
    application_name: applicationName,
    options: options.options,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    ssl: tls,
    enableChannelBinding: tls !== false && options.bindsChannel,
  }
}

function attempt(client: pg.Client, { options, tls, signal }: Attempt): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(cancelled())
      destroy(client)
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    client.on('error', () => undefined)
    if (options.bindsChannel) demandBinding(client, tls, reject)
    client
      .connect()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** pg binds the channel where it can; who demands it must not get less. */
function demandBinding(
  client: pg.Client,
  tls: ConnectionOptions | false,
  reject: (error: AppError) => void,
): void {
  const { connection } = client as unknown as ClientInside
  let offered = false
  const refuse = (): void => {
    reject(new AppError('source_unavailable', 'The server does not bind the password to TLS.'))
    destroy(client)
  }
  connection.on('authenticationSASL', (message) => {
    const { mechanisms } = message as unknown as { mechanisms: readonly string[] }
    offered = tls !== false && mechanisms.includes('SCRAM-SHA-256-PLUS')
    if (!offered) refuse()
  })
  connection.on('authenticationOk', () => {
    if (!offered) refuse()
  })
}

/** libpq's `prefer`: no TLS there, TLS that fails, or a server that lets nobody in with it. */
function mayWorkInTheClear(error: unknown): boolean {
  const { code = '', message } = error as { code?: string; message: string }
  return code.startsWith('28') || /SSL|TLS|CERT|EPROTO/i.test(`${code} ${message}`)
}
