import { AppError } from '../../base/error.ts'
import { shorten } from '../../base/shorten.ts'
import { within } from '../../base/within.ts'

/** How long a call waits for the store: a Redis that writes its data down pauses for a tenth of a second. */
const storeDeadlineMs = 250
const connectMs = 1000
/** Commands that may wait for a Redis which does not answer. */
const mostWaiting = 10_000
const pulseMs = 2000

export type RedisClient = Awaited<ReturnType<typeof createRedis>>

export interface RedisConnection {
  readonly client: RedisClient
  close(): void
}

/**
 * A connection that comes back by itself, waited for a second at first. While it is away every
 * command fails at once.
 */
export async function connectRedis(
  url: string,
  note: (text: string) => void,
): Promise<RedisConnection> {
  const client = await createRedis(url)
  let lost = false
  const tell = (isLost: boolean, text: string): void => {
    if (isLost !== lost) note(text)
    lost = isLost
  }
  client.on('error', (error: NodeJS.ErrnoException) => {
    const reason = shorten(error.code ?? error.message, 200)
    tell(true, `The store of the limits does not answer (${reason}).`)
  })
  client.on('ready', () => tell(false, 'The store of the limits answers again.'))
  await within(client.connect(), connectMs, away).catch(() => undefined)
  const pulse = setInterval(() => void reconnectIfSilent(client), pulseMs).unref()
  return {
    client,
    close() {
      clearInterval(pulse)
      client.destroy()
    },
  }
}

/** The answer of the store, which is waited for no longer than a call can afford. */
export const inTime = <T>(answer: Promise<T>): Promise<T> => within(answer, storeDeadlineMs, away)

async function createRedis(url: string) {
  const { createClient } = await import('@redis/client').catch((cause: unknown) => {
    throw noClient(cause)
  })
  try {
    return createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: mostWaiting,
      socket: {
        connectTimeout: connectMs,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, connectMs),
      },
    })
  } catch (cause) {
    throw wrongUrl(cause)
  }
}

/** A server that vanishes without a word leaves a connection that looks alive for a quarter of an hour. */
async function reconnectIfSilent(client: RedisClient): Promise<void> {
  if (!client.isOpen) return open(client)
  if (!client.isReady) return
  try {
    await within(client.ping(), pulseMs / 2, away)
  } catch (error) {
    if (!(error instanceof AppError) || !client.isOpen) return
    client.destroy()
    client.emit('error', new Error('silent'))
    await open(client)
  }
}

const open = async (client: RedisClient): Promise<void> => {
  await client.connect().catch(() => undefined)
}

const away = (): AppError =>
  new AppError('rate_limited', 'The store of the limits does not answer.')

const noClient = (cause: unknown): AppError =>
  new AppError('config_invalid', 'Limits in Redis need the package @redis/client.', {
    hint: 'Install it beside vitrine: npm install @redis/client',
    cause,
  })

const wrongUrl = (cause: unknown): AppError =>
  new AppError('config_invalid', 'The URL of limits.store cannot be used.', {
    hint: 'Percent-encode what its password has besides letters and digits.',
    cause,
  })
