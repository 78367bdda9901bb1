/** A database of a bench's own on the PostgreSQL of this machine. */
import pg from 'pg'

const server = {
  host: process.env['PGHOST'] ?? '127.0.0.1',
  user: process.env['PGUSER'] ?? 'postgres',
  port: 5432,
}

export interface OwnPostgres {
  readonly url: string
  /** Connections that others have to it. */
  readonly connections: () => Promise<number>
  readonly drop: () => Promise<void>
}

/** Made out of the statements; undefined where no server answers. */
export async function ownPostgres(
  name: string,
  statements: readonly string[] = [],
): Promise<OwnPostgres | undefined> {
  const admin = new pg.Client({ ...server, database: 'postgres' })
  const isHere = await admin.connect().then(
    () => true,
    () => false,
  )
  if (!isHere) return undefined
  await admin.query(`CREATE DATABASE ${name}`)
  const inside = new pg.Client({ ...server, database: name })
  await inside.connect()
  for (const statement of statements) await inside.query(statement)
  await inside.end()
  return {
    url: `postgres://${server.user}@${server.host}:${server.port}/${name}`,
    async connections() {
      const text = 'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1'
      const found = await admin.query<{ n: number }>(text, [name])
      return found.rows[0]?.n ?? 0
    },
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
