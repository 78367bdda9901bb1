import { AppError } from './error.ts'
import { notInstalled } from './not-installed.ts'
import { shorten } from './shorten.ts'
import { within } from './within.ts'

const connectMs = 1000
/** Commands that may wait for a Redis which does not answer. */
const mostWaiting = 10_000
const pulseMs = 2000
/** What waits for news over a connection of its own asks at least so often, and is silent no longer. */
const silenceMs = 3000

export type RedisClient = Awaited<ReturnType<typeof createRedis>>

export interface RedisTerms {
  readonly url: string
  /** The section of the config whose `store` it is. */
  readonly section: 'limits' | 'jobs' | 'cache' | 'confirm'
  /** Hears when it goes away and comes back. */
  readonly note: (text: string) => void
}

export interface RedisConnection {
  readonly client: RedisClient
  close(): void
}

/**
 * A connection that comes back by itself, waited for a second at first. While it is away every
 * command fails at once.
 */
export async function connectRedis(terms: RedisTerms): Promise<RedisConnection> {
  const { section, note } = terms
  const kept = section === 'confirm' ? 'confirmations' : section
  const client = await createRedis(terms)
  let lost = false
  const tell = (isLost: boolean, text: string): void => {
    if (isLost !== lost) note(text)
    lost = isLost
  }
  client.on('error', (error: NodeJS.ErrnoException) => {
    const reason = shorten(error.code ?? error.message, 200)
    tell(true, `The store of the ${kept} does not answer (${reason}).`)
  })
  client.on('ready', () => tell(false, `The store of the ${kept} answers again.`))
  await within(client.connect(), connectMs, away).catch(() => undefined)
  const pulse = setInterval(() => void reconnectIfSilent(client), pulseMs).unref()
  return {
    client,
    close() {
      clearInterval(pulse)
      if (client.isOpen) client.destroy()
    },
  }
}

async function createRedis({ url, section }: RedisTerms) {
  const { createClient } = await import('@redis/client').catch((cause: unknown) => {
    throw notInstalled(`A Redis as ${section}.store needs`, { packages: ['@redis/client'], cause })
  })
  try {
    return createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: mostWaiting,
      socket: {
        connectTimeout: connectMs,
        socketTimeout: silenceMs,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, connectMs),
      },
    })
  } catch (cause) {
    throw wrongUrl(section, cause)
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

/** Nobody sees it: what it ends is waited for anew. */
const away = (): AppError => new AppError('source_unavailable', 'The Redis does not answer.')

const wrongUrl = (section: RedisTerms['section'], cause: unknown): AppError =>
  new AppError('config_invalid', `The URL of ${section}.store cannot be used.`, {
    hint: 'Percent-encode what its password has besides letters and digits.',
    cause,
  })
