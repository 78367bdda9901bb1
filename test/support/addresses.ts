/** Where the tests look for servers. */

export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly user: string
}

/** Asked for anew each time: where none answers, one of our own takes its place in the environment. */
export const postgresAddress = (): PostgresAddress => ({
  host: process.env['PGHOST'] ?? '127.0.0.1',
  port: Number(process.env['PGPORT'] ?? 5432),
  user: process.env['PGUSER'] ?? 'postgres',
})

export const mariadbPort = 3306

export const redisUrl: string = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
export const redisPort = Number(new URL(redisUrl).port || 6379)
