import type { Table } from '../catalog.ts'

export interface GrantOptions {
  readonly role: string
  readonly database: string
  /** What the role is to read: the tables that are shown, with all of their columns. */
  readonly tables: readonly Table[]
  /** Name of the table → names of columns it is not to read, both as in the catalog. */
  readonly closedColumns: ReadonlyMap<string, ReadonlySet<string>>
  /** Schemas in which names without one are looked up (`PostgresFacts.searchPath`). */
  readonly searchPath: readonly string[]
  /** The longest that one of its statements may take. */
  readonly timeoutMs: number
}

/**
 * The statements that make a role which can read what is shown and nothing else, for a person to read
 * and to run as the owner of the tables. What the database grants to PUBLIC the role has too.
 */
export function grantSql(options: GrantOptions): readonly string[] {
  const { database, searchPath, timeoutMs } = options
  const role = quote(options.role)
  const path = searchPath.map(quote).join(', ')
  return [
    `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
    `ALTER ROLE ${role} SET statement_timeout = '${timeoutMs}ms';`,
    `ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '60s';`,
    `GRANT CONNECT ON DATABASE ${quote(database)} TO ${role};`,
    ...(path === ''
      ? []
      : [
          `SET search_path = ${path};`,
          `ALTER ROLE ${role} IN DATABASE ${quote(database)} SET search_path = ${path};`,
        ]),
    ...schemasOf(options).map((schema) => `GRANT USAGE ON SCHEMA ${quote(schema)} TO ${role};`),
    ...options.tables.flatMap((table) => grantTable(table, options)),
  ]
}

/** A name without a schema may be in any schema of the path. */
const schemasOf = ({ tables, searchPath }: GrantOptions): string[] => [
  ...new Set([...searchPath, ...tables.flatMap(({ path }) => path?.[0] ?? [])]),
]

function grantTable(table: Table, { role, closedColumns }: GrantOptions): string[] {
  const closed = closedColumns.get(table.name) ?? new Set()
  const open = table.columns.map(({ name }) => name).filter((name) => !closed.has(name))
  if (open.length === 0) return []
  const columns = closed.size === 0 ? '' : ` (${open.map(quote).join(', ')})`
  const name = (table.path ?? [table.name]).map(quote).join('.')
  return [`GRANT SELECT${columns} ON ${name} TO ${quote(role)};`]
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
