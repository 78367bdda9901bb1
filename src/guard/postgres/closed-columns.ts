import type { Catalog, Table } from '../../sources/catalog.ts'
import type { PostgresFacts } from '../../sources/postgres/facts.ts'
import type { ColumnRule } from '../../sources/statement.ts'
import { closedColumns, type Visibility } from '../visibility.ts'
import { inspect } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { quote } from './stand-ins.ts'

export type ClosedColumns = ReadonlyMap<string, ReadonlyMap<string, ColumnRule>>

/** Names are told apart by case. */
export const exactly = (name: string): string => name

/**
 * The closed columns of each table, by exact names, and all that shows the same values: columns
 * generated from them, and those of the same name in parents, partitions and children of the table.
 */
export function spreadClosed(
  catalog: Catalog,
  facts: PostgresFacts,
  visibility: Visibility,
): ClosedColumns {
  const closed = new Map<string, Map<string, ColumnRule>>()
  for (const { name } of catalog.tables) {
    const own = closedColumns(visibility, name, exactly)
    if (own.size > 0) closed.set(name, own)
  }
  const columnsOf = new Map(
    catalog.tables.map(({ name, columns }) => [
      name,
      new Set(columns.map((column) => column.name)),
    ]),
  )
  const waiting = [...closed.keys()]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const rules = closed.get(name) ?? new Map<string, ColumnRule>()
    addGenerated(rules, facts.generated.get(name) ?? new Map())
    for (const relative of relativesOf(name, facts)) {
      const theirs = closed.get(relative) ?? new Map<string, ColumnRule>()
      const more = [...rules].filter(
        ([column]) => columnsOf.get(relative)?.has(column) === true && !theirs.has(column),
      )
      if (more.length === 0) continue
      closed.set(relative, new Map([...theirs, ...more]))
      waiting.push(relative)
    }
  }
  return closed
}

const relativesOf = (name: string, { childrenOf }: PostgresFacts): string[] => [
  ...(childrenOf.get(name) ?? []),
  ...[...childrenOf].flatMap(([parent, children]) => (children.includes(name) ? [parent] : [])),
]

/** A generated column is made of others of its row, and of no generated one. */
function addGenerated(
  rules: Map<string, ColumnRule>,
  generated: ReadonlyMap<string, string>,
): void {
  for (const [column, expression] of generated) {
    const rule = [...columnsIn(expression, rules)].map((name) => rules.get(name))[0]
    if (rule !== undefined && !rules.has(column)) rules.set(column, rule)
  }
}

/** Those of the names that the expression reads; all where it cannot be read. */
function columnsIn(
  expression: string,
  names: ReadonlyMap<string, ColumnRule>,
): ReadonlySet<string> {
  try {
    const { columns, readsAll } = inspect(parseStatement(`SELECT ${expression}`))
    return readsAll
      ? new Set(names.keys())
      : new Set([...names.keys()].filter((name) => columns.has(name)))
  } catch {
    return new Set(names.keys())
  }
}

/** A query of the table that gives NULL for a masked column, and no hidden one. */
export function withoutClosed(
  { columns }: Table,
  closed: ReadonlyMap<string, ColumnRule>,
): (table: string) => string {
  const open = columns.flatMap(({ name, type }) => {
    const rule = closed.get(name)
    if (rule === 'hide') return []
    return rule === 'mask' ? `CAST(NULL AS ${type}) AS ${quote(name)}` : quote(name)
  })
  return (table) => `SELECT ${open.join(', ')} FROM ${table}`
}
