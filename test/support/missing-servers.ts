/** Says once which servers are not there, so that what needs them is skipped (`globalSetup` of vitest). */
import { spawnSync } from 'node:child_process'
import { isAnswering, postgresOf } from './embedded-postgres.ts'
import { isReachable } from './is-reachable.ts'

export default async function setup(): Promise<void> {
  const [hasPostgres, hasMariadb, hasRedis] = await Promise.all([
    isAnswering(postgresOf(process.env)),
    isReachable(3306),
    isReachable(Number(new URL(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379').port || 6379)),
  ])
  const missing = [
    ...(hasPostgres ? [] : ['PostgreSQL']),
    ...(hasMariadb ? [] : ['MariaDB (port 3306)']),
    ...(hasRedis ? [] : ['Redis']),
    ...(spawnSync('redis-server', ['--version']).status === 0 ? [] : ['the program redis-server']),
  ]
  if (missing.length > 0)
    process.stdout.write(`Skipped, for it is not here: what needs ${missing.join(', ')}.\n`)
}
