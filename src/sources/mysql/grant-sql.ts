import type { GrantedTable } from '../grant.ts'

export interface Role {
  readonly name: string
  /** The database of tables whose name is not qualified. */
  readonly database: string
}

/**
 * The statements that make a user who can read these tables and do nothing else. `SHOW VIEW` lets
 * Vitrine see what a view calls; without it a view stays closed.
 */
export function grantSql(tables: readonly GrantedTable[], { name, database }: Role): string[] {
  const user = `${quoteText(name)}@'%'`
  return [
    `CREATE USER ${user} IDENTIFIED BY 'choose a password';`,
    ...tables.map(({ table, columns, isPart }) => {
      const [schema = database, bare = table.name] = table.path ?? []
      const part = isPart ? ` (${columns.map(quoteName).join(', ')})` : ''
      const rights = `SELECT${part}${table.kind === 'view' ? ', SHOW VIEW' : ''}`
      return `GRANT ${rights} ON ${quoteName(schema)}.${quoteName(bare)} TO ${user};`
    }),
  ]
}

/** In GRANT, `_` and `%` are wildcards of a database's name only where it stands alone before `.*`. */
const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

const quoteText = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
