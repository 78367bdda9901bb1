import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { MysqlFacts } from '../../sources/mysql/terms.ts'
import type { ColumnRule, TableRule, TableRules } from '../../sources/statement.ts'
import { canonical } from '../canonical.ts'
import { closedColumns, isRestricted, type Visibility } from '../visibility.ts'
import { refusalOf } from './calls.ts'
import { derivedColumns } from './derived-columns.ts'
import { findReferences } from './references.ts'
import type { Standing } from './standing.ts'
import { tokenize } from './tokens.ts'
import { judgeViews, type Surroundings } from './views.ts'

/** What holds for every statement against one catalog under one visibility. */
export interface Rules extends Surroundings {
  readonly restricted: boolean
  /** For the shown catalog; two names that differ in capitals only share the stricter rule. */
  readonly tables: TableRules
}

export function toRules(catalog: Catalog, visibility: Visibility): Rules {
  const facts = catalog.facts as MysqlFacts
  const exact = canonical(visibility, catalog)
  const keyOf = facts.foldsTableNames ? foldCase : (name: string) => name
  const standings = new Map(
    catalog.tables.map((table) => [keyOf(table.name), toStanding(table, exact, facts)]),
  )
  const hasCallingDefault = facts.expressions.some(
    ({ kind, text }) => kind === 'default' && callsClosed(text, facts),
  )
  const around: Surroundings = { standings, keyOf, facts, hasCallingDefault }
  for (const [key, refusal] of judgeViews(around)) {
    const standing = standings.get(key)
    if (standing !== undefined) standings.set(key, { ...standing, refusal })
  }
  const tables = toTableRules(standings.values())
  return { ...around, restricted: isRestricted(visibility), tables }
}

function toStanding(table: Table, visibility: Visibility, facts: MysqlFacts): Standing {
  const closed = closedColumns(visibility, table.name)
  const listed = visibility.tables === undefined || visibility.tables.includes(table.name)
  return {
    table,
    access: listed ? 'open' : 'closed',
    closedColumns: new Map([...derivedColumns(table, closed, facts.expressions), ...closed]),
    refusal: callingColumn(table, facts),
  }
}

/** A generated column is computed when it is read. */
function callingColumn({ name }: Table, facts: MysqlFacts): AppError | undefined {
  const calling = facts.expressions.find(
    ({ table, kind, text }) => table === name && kind === 'generated' && callsClosed(text, facts),
  )
  if (calling === undefined) return undefined
  return new AppError(
    'statement_refused',
    `The column ${name}.${calling.column} is computed by a function that may not be called here.`,
    { subject: name },
  )
}

const callsClosed = (text: string, facts: MysqlFacts): boolean =>
  /\bnext\s+value\b/i.test(text) ||
  findReferences(tokenize(text), false).calls.some((call) => refusalOf(call, facts) !== undefined)

function toTableRules(standings: Iterable<Standing>): TableRules {
  const rules = new Map<string, TableRule>()
  for (const { table, access, closedColumns: columns } of standings) {
    const key = foldCase(table.name)
    const known = rules.get(key)
    rules.set(key, {
      access: known?.access === 'closed' ? 'closed' : access,
      closedColumns: new Map<string, ColumnRule>([...(known?.closedColumns ?? []), ...columns]),
    })
  }
  return rules
}
