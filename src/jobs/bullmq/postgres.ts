import type { PgPool, PostgresConnectionOptions, QueueBaseOptions } from 'bullmq'
import type { Pool, PoolConfig } from 'pg'
import { AppError } from '../../base/error.ts'
import {
  type Backing,
  type BackingOptions,
  type Bullmq,
  connectMs,
  deadlineMs,
  type JobQueue,
} from './backing.ts'
import { away } from './failures.ts'
import { PostgresRecords } from './postgres-records.ts'

/** For all queues together; one of them listens. */
const mostConnections = 10
const mostEvents = 100
/** insufficient_privilege: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const notPermitted = '42501'
const deadlockDetected = '40P01'
const mostTries = 3
/** Where BullMQ looks for its tables in a pool that is given to it. */
const queueSchema = 'bullmq'

/** One pool for every queue: BullMQ would open two for each by itself. */
export async function openPostgresBacking(
  bullmq: Bullmq,
  options: BackingOptions,
): Promise<Backing> {
  const { keyPrefix: prefix, mostBytes, terms } = options
  const pool = await createPool(options.url)
  const connection = pool as unknown as PgPool
  const records = new PostgresRecords(pool, quoted(prefix), mostBytes)
  const tables = once(async () => {
    try {
      await migrate(bullmq, pool)
      await records.createTables()
    } catch (error) {
      throw codeOf(error) === notPermitted ? mayNotCreate(error) : error
    }
  })
  return {
    records,
    ready: tables,
    openQueue(source) {
      const queue = new bullmq.Queue(
        `${prefix}-${source}`,
        { connection, streams: { events: { maxLen: mostEvents } } },
        (name, given: QueueBaseOptions<PostgresConnectionOptions>) =>
          bullmq.createPostgresBackend(name, { ...given, ...terms }),
      )
      queue.on('error', () => undefined)
      return queue
    },
    openRelay: () =>
      new bullmq.Relay({
        connection,
        backend: bullmq.createPostgresRelayBackend,
        namespace: prefix,
      }),
    async holderOf(queue: JobQueue, id: string) {
      const { rows } = await pool.query<{ token: string }>(
        `SELECT lock_token AS token FROM ${queueSchema}.job WHERE queue = $1 AND id = $2
          AND state = 'active'`,
        [queue.name, id],
      )
      return rows[0]?.token
    },
    close: () => pool.end(),
  }
}

async function createPool(url: string): Promise<Pool> {
  const { default: pg } = await import('pg')
  const settings: PoolConfig = {
    connectionString: url,
    max: mostConnections,
    options: `-c search_path=${queueSchema}`,
    application_name: 'vitrine jobs',
    connectionTimeoutMillis: connectMs,
    query_timeout: deadlineMs,
    statement_timeout: deadlineMs,
    keepAlive: true,
  }
  const pool = new pg.Pool(settings)
  askAgainAfterDeadlocks(pool)
  // A connection that drops while nobody uses it is replaced when it is needed.
  pool.on('error', () => undefined)
  return pool
}

/**
 * BullMQ's functions lock a job and its key in different orders. A statement that PostgreSQL ends because of
 * that has changed nothing, and each of them is a transaction of its own.
 */
function askAgainAfterDeadlocks(pool: Pool): void {
  const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>
  const patient = async (...given: unknown[]): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await query(...given)
      } catch (error) {
        if (codeOf(error) !== deadlockDetected || tries === mostTries) throw error
      }
    }
  }
  pool.query = patient as Pool['query']
}

async function migrate(bullmq: Bullmq, pool: Pool): Promise<void> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw away(cause)
  })
  try {
    await bullmq.runMigrations(client, queueSchema)
  } finally {
    client.release()
  }
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code

const mayNotCreate = (cause: unknown): AppError =>
  new AppError('config_invalid', 'The role of jobs.store may not make the tables of the jobs.', {
    hint: 'Grant it CREATE on the database, or own schemas there: bullmq and vitrine.',
    cause,
  })

function quoted(prefix: string): string {
  if (/^[a-z_][a-z0-9_]{0,50}$/.test(prefix)) return `"${prefix}"`
  throw new AppError('internal', 'The prefix of the jobs is no name of a schema.')
}

/** Does it until it has succeeded. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    })
    return done
  }
}
