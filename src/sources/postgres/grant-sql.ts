import { type Grant, grantedTables } from '../grant.ts'
import type { PostgresFacts } from './facts.ts'

/**
 * The statements that make a role which can read what is shown and nothing else, for a person to read
 * and to run as the owner of the tables. What the database grants to PUBLIC the role has too.
 */
export function grantSql(grant: Grant, database: string): readonly string[] {
  const { searchPath } = grant.whole.facts as PostgresFacts
  const role = quote(grant.role)
  const path = searchPath.map(quote).join(', ')
  const tables = grantedTables(grant)
  const schemas = new Set([...searchPath, ...tables.flatMap(({ table }) => table.path?.[0] ?? [])])
  return [
    `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
    `ALTER ROLE ${role} SET statement_timeout = '${grant.timeoutMs}ms';`,
    `ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '60s';`,
    `GRANT CONNECT ON DATABASE ${quote(database)} TO ${role};`,
    ...(path === ''
      ? []
      : [
          `SET search_path = ${path};`,
          `ALTER ROLE ${role} IN DATABASE ${quote(database)} SET search_path = ${path};`,
        ]),
    ...[...schemas].map((schema) => `GRANT USAGE ON SCHEMA ${quote(schema)} TO ${role};`),
    ...tables.map(({ table, columns, isPart }) => {
      const part = isPart ? ` (${columns.map(quote).join(', ')})` : ''
      const name = (table.path ?? [table.name]).map(quote).join('.')
      return `GRANT SELECT${part} ON ${name} TO ${role};`
    }),
  ]
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
