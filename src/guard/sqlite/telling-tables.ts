import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { SqliteFacts } from '../../sources/sqlite/terms.ts'
import type { ColumnRule, TableRules } from '../../sources/statement.ts'
import { closedJoin, columnJoins } from './joined-columns.ts'
import { reach, wordsOf } from './reach.ts'
import { tableNames } from './table-names.ts'
import { tokenize } from './tokens.ts'

/** Folded names of the tables that would tell a closed column where no mask reaches. */
export function tellingTables(
  { tables, facts }: Catalog,
  closedOf: ReadonlyMap<string, ReadonlyMap<string, ColumnRule>>,
): ReadonlySet<string> {
  const rules: TableRules = new Map(
    [...closedOf].map(([name, closedColumns]) => [name, { access: 'open', closedColumns }]),
  )
  const closed = tables.filter(({ name }) => (closedOf.get(foldCase(name))?.size ?? 0) > 0)
  if (closed.length === 0) return new Set()
  const triggers = (facts as SqliteFacts | undefined)?.triggers ?? []
  const indexes = tellingIndexes(tables, closed, triggers)
  return new Set([...indexes, ...tellingViews(tables, rules, indexes)])
}

interface Reader {
  readonly table: Table
  readonly words: ReadonlySet<string>
}

const readersOf = (tables: readonly Table[], kinds: readonly Table['kind'][]): Reader[] =>
  tables
    .filter(({ kind }) => kinds.includes(kind))
    .map((table) => ({ table, words: wordsOf(table.definition) }))

/**
 * Virtual tables of such a table's words: its own, because a search reads it where no mask reaches,
 * those whose definition names it or a view of it (`content=`, fts5vocab), those its triggers fill.
 */
function tellingIndexes(
  tables: readonly Table[],
  closed: readonly Table[],
  triggers: SqliteFacts['triggers'],
): ReadonlySet<string> {
  const readers = readersOf(tables, ['virtual', 'view'])
  const filled = triggers.map(({ table, sql }) => ({ from: foldCase(table), words: wordsOf(sql) }))
  const reached = reach(closed, (name) => {
    const fills = filled.filter(({ from }) => from === name)
    const isFilled = ({ kind, name: other }: Table): boolean =>
      kind === 'virtual' && fills.some(({ words }) => words.has(foldCase(other)))
    return readers
      .filter(({ table, words }) => words.has(name) || isFilled(table))
      .map(({ table }) => table)
  })
  const virtual = readers.filter(({ table }) => table.kind === 'virtual')
  return new Set(
    virtual.map(({ table }) => foldCase(table.name)).filter((name) => reached.has(name)),
  )
}

/** Views that read those, or compare a closed column by USING or NATURAL, and the views that read those. */
function tellingViews(
  tables: readonly Table[],
  rules: TableRules,
  indexes: ReadonlySet<string>,
): ReadonlySet<string> {
  const views = readersOf(tables, ['view'])
  const stores = tables
    .filter(({ kind, name }) => kind === 'shadow' && ownerOf(name, indexes) !== undefined)
    .map(({ name }) => foldCase(name))
  const telling = views.filter(
    ({ table, words }) =>
      [...indexes, ...stores].some((name) => words.has(name)) || comparesClosed(table, rules),
  )
  return reach(
    telling.map(({ table }) => table),
    (name) => views.filter(({ words }) => words.has(name)).map(({ table }) => table),
  )
}

/** The one of the virtual tables whose rows a shadow table keeps: `notes` of `notes_content`. */
const ownerOf = (shadow: string, indexes: ReadonlySet<string>): string | undefined =>
  [...indexes].find((name) => foldCase(shadow).startsWith(`${name}_`))

function comparesClosed({ definition }: Table, rules: TableRules): boolean {
  const tokens = tokenize(definition ?? '')
  return closedJoin(columnJoins(tokens), tableNames(tokens), rules) !== undefined
}
