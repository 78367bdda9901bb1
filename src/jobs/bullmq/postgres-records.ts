import type { Pool, PoolClient } from 'pg'
import type { Job, JobRequest } from '../job-store.ts'
import { type JobRecords, mostRemembered, type Page, type Pages, type Slice } from './records.ts'

/** Tables in a schema of their own, named by the prefix; `number` is the order in which jobs came. */
const schemaSql = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.jobs (
    number bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, actor text NOT NULL,
    source text NOT NULL, unfinished boolean NOT NULL DEFAULT true, cancelled jsonb,
    expires_at timestamptz NOT NULL);
  CREATE INDEX IF NOT EXISTS jobs_of_actor ON ${schema}.jobs (actor, number);
  CREATE INDEX IF NOT EXISTS jobs_expiring ON ${schema}.jobs (expires_at);
  CREATE TABLE IF NOT EXISTS ${schema}.pages (
    id text NOT NULL, token text NOT NULL, page integer NOT NULL, text text NOT NULL,
    expires_at timestamptz NOT NULL, PRIMARY KEY (id, token, page));
  CREATE INDEX IF NOT EXISTS pages_expiring ON ${schema}.pages (expires_at)`

/** Milliseconds of the parameter, from now: by the server's clock, which all processes share. */
const after = (parameter: string): string =>
  `clock_timestamp() + ${parameter}::double precision * interval '1 millisecond'`

/** https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS */
const lockSql = `SELECT pg_advisory_xact_lock(hashtextextended('vitrine ' || $1, 0))`

export class PostgresRecords implements JobRecords {
  readonly #pool: Pool
  readonly #schema: string
  readonly #mostBytes: number

  /** The schema is a quoted name. */
  constructor(pool: Pool, schema: string, mostBytes: number) {
    this.#pool = pool
    this.#schema = schema
    this.#mostBytes = mostBytes
  }

  /** Several processes may come at a time. */
  createTables(): Promise<void> {
    return this.#inTransaction(async (client) => {
      await client.query(lockSql, [this.#schema])
      await client.query(schemaSql(this.#schema))
    })
  }

  remember({ id, actor, source, keepMs }: JobRequest, most: number): Promise<boolean> {
    return this.#inTransaction(async (client) => {
      await client.query(lockSql, [`${this.#schema} ${actor.id}`])
      await client.query(`DELETE FROM ${this.#jobs} WHERE expires_at <= clock_timestamp()`)
      await client.query(`DELETE FROM ${this.#jobs} WHERE number <=
        (SELECT max(number) FROM ${this.#jobs}) - ${mostRemembered}`)
      const { rowCount } = await client.query(
        `INSERT INTO ${this.#jobs} (id, actor, source, expires_at)
          SELECT $1, $2, $3, ${after('$4')} WHERE
          (SELECT count(*) FROM ${this.#jobs} WHERE actor = $2 AND unfinished) < $5::integer`,
        [id, actor.id, source, keepMs, most],
      )
      return rowCount === 1
    })
  }

  async forget({ id }: JobRequest): Promise<void> {
    await this.#pool.query(`DELETE FROM ${this.#jobs} WHERE id = $1`, [id])
  }

  async hear({ id, keepMs }: JobRequest): Promise<void> {
    await this.#pool.query(`UPDATE ${this.#jobs} SET expires_at = ${after('$2')} WHERE id = $1`, [
      id,
      keepMs,
    ])
  }

  async discount(actorId: string, ids: readonly string[]): Promise<void> {
    await this.#pool.query(
      `UPDATE ${this.#jobs} SET unfinished = false WHERE actor = $1 AND id = ANY ($2)`,
      [actorId, ids],
    )
  }

  async unfinished(actorId: string): Promise<readonly string[]> {
    const sql = `SELECT id FROM ${this.#jobs} WHERE actor = $1 AND unfinished`
    return (await this.#pool.query<{ id: string }>(sql, [actorId])).rows.map(({ id }) => id)
  }

  async sourceOf(id: string): Promise<string | undefined> {
    return (await this.#known<{ source: string }>('source', id))?.source
  }

  async newest({ actorId, offset, most }: Slice): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `SELECT id FROM ${this.#jobs} WHERE ($1::text IS NULL OR actor = $1)
        AND expires_at > clock_timestamp() ORDER BY number DESC OFFSET $2 LIMIT $3`,
      [actorId ?? null, offset, most],
    )
    return rows.map(({ id }) => id)
  }

  async keepCancelled(job: Job): Promise<void> {
    const sql = `UPDATE ${this.#jobs} SET cancelled = $2 WHERE id = $1`
    await this.#pool.query(sql, [job.request.id, JSON.stringify(job)])
  }

  async cancelled(id: string): Promise<Job | undefined> {
    return (await this.#known<{ cancelled: Job | null }>('cancelled', id))?.cancelled ?? undefined
  }

  keepPages({ id, token, texts, keepMs }: Pages): Promise<void> {
    return this.#inTransaction(async (client) => {
      await client.query(lockSql, [`${this.#schema} pages`])
      await client.query(`DELETE FROM ${this.#pages} WHERE expires_at <= clock_timestamp()`)
      await client.query(
        `INSERT INTO ${this.#pages} (id, token, page, text, expires_at)
          SELECT $1, $2, number - 1, text, ${after('$4')}
          FROM unnest($3::text[]) WITH ORDINALITY AS given (text, number)
          ON CONFLICT DO NOTHING`,
        [id, token, texts, keepMs],
      )
      await client.query(
        `DELETE FROM ${this.#pages} WHERE (id, token) IN (SELECT id, token FROM (
          SELECT id, token, sum(bytes) OVER (ORDER BY expires_at DESC, id) AS total FROM (
            SELECT id, token, max(expires_at) AS expires_at, sum(octet_length(text)) AS bytes
            FROM ${this.#pages} GROUP BY id, token) AS results) AS summed
          WHERE total > $1::bigint)`,
        [this.#mostBytes],
      )
    })
  }

  async dropPages({ id, token }: Omit<Page, 'page'>): Promise<void> {
    await this.#pool.query(`DELETE FROM ${this.#pages} WHERE id = $1 AND token = $2`, [id, token])
  }

  async readPage({ id, token, page }: Page): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ text: string }>(
      `SELECT text FROM ${this.#pages} WHERE id = $1 AND token = $2 AND page = $3
        AND expires_at > clock_timestamp()`,
      [id, token, page],
    )
    return rows[0]?.text
  }

  async #known<Row extends object>(column: string, id: string): Promise<Row | undefined> {
    const { rows } = await this.#pool.query<Row>(
      `SELECT ${column} FROM ${this.#jobs} WHERE id = $1 AND expires_at > clock_timestamp()`,
      [id],
    )
    return rows[0]
  }

  async #inTransaction<Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    const client = await this.#pool.connect()
    let failure: Error | undefined
    try {
      await client.query('BEGIN')
      const value = await work(client)
      await client.query('COMMIT')
      return value
    } catch (error) {
      // What is closed is rolled back by the server, also where a rollback would not get there.
      failure = error as Error
      throw error
    } finally {
      client.release(failure)
    }
  }

  get #jobs(): string {
    return `${this.#schema}.jobs`
  }

  get #pages(): string {
    return `${this.#schema}.pages`
  }
}
