/** Says once which servers are not there, so that what needs them is skipped (`globalSetup` of vitest). */
import { spawnSync } from 'node:child_process'
import { mariadbPort, postgresAddress, redisPort } from './addresses.ts'
import { isAnswering } from './embedded-postgres.ts'
import { isReachable } from './is-reachable.ts'

export default async function setup(): Promise<void> {
  const [hasPostgres, hasMariadb, hasRedis] = await Promise.all([
    isAnswering(postgresAddress()),
    isReachable(mariadbPort),
    isReachable(redisPort),
  ])
  const missing = [
    ...(hasPostgres ? [] : ['PostgreSQL']),
    ...(hasMariadb ? [] : [`MariaDB (port ${mariadbPort})`]),
    ...(hasRedis ? [] : ['Redis']),
    ...(spawnSync('redis-server', ['--version']).status === 0 ? [] : ['the program redis-server']),
  ]
  if (missing.length > 0)
    process.stdout.write(`Skipped, for it is not here: what needs ${missing.join(', ')}.\n`)
}
