import { AppError } from '../../base/error.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { PostgresFacts, PostgresTerms } from '../../sources/postgres/facts.ts'
import { canonical } from '../canonical.ts'
import type { DialectGuard, Judged, PreparedGuard } from '../dialect-guard.ts'
import { isRestricted, type Visibility } from '../visibility.ts'
import { CodeRules } from './code-rules.ts'
import { inspect, type Inspection } from './inspect.ts'
import { loadGrammar, type Node, parseStatement } from './parse.ts'
import { exactly, RelationRules } from './relation-rules.ts'
import { type Closing, putStandIns } from './stand-ins.ts'

/** PostgreSQL is judged by its own grammar: every node, and every name that may stand for code. */
export async function loadPostgresGuard(): Promise<DialectGuard> {
  await loadGrammar()
  return { fold: exactly, prepare }
}

function prepare(catalog: Catalog, asked: Visibility): PreparedGuard {
  const facts = catalog.facts as PostgresFacts
  const visibility = canonical(asked, catalog)
  const code = new CodeRules(catalog, facts, isRestricted(asked))
  const relations = new RelationRules({ catalog, facts, visibility, code })
  return {
    tables: relations.tables,
    judge(text) {
      const tree = parseStatement(text)
      const found = inspect(tree)
      refuseRunning(tree)
      code.check(found)
      const closings = relations.check(found).flatMap(({ named, table }): Closing[] => {
        const closedColumns = relations.tables.get(table.name)?.closedColumns ?? new Map()
        return closedColumns.size === 0 ? [] : [{ named, table, closedColumns }]
      })
      return toJudged(text, { found, closings, facts, hasPlan: 'SelectStmt' in tree })
    },
  }
}

interface Parts {
  readonly found: Inspection
  readonly closings: readonly Closing[]
  readonly facts: PostgresFacts
  readonly hasPlan: boolean
}

function toJudged(text: string, { found, closings, facts, hasPlan }: Parts): Judged {
  const { searchPath, schemaOf } = facts
  const schemaOfTable = ({ name, path }: Table): string =>
    path?.[0] ?? schemaOf.get(name) ?? 'public'
  const masked = new Set(closings.flatMap((closing) => maskedIn(closing, found)))
  return {
    text: closings.length === 0 ? text : putStandIns(text, closings, schemaOfTable),
    terms: { searchPath, hasPlan, masked: [...masked] } satisfies PostgresTerms,
  }
}

/** Columns that read as NULL and that the statement names, or takes by a star. */
const maskedIn = ({ table, closedColumns }: Closing, found: Inspection): string[] =>
  [...closedColumns]
    .filter(([column, rule]) => rule === 'mask' && (found.readsAll || found.columns.has(column)))
    .map(([column]) => `${table.name}.${column}`)

/** EXPLAIN tells a plan; with ANALYZE it runs what it explains. */
function refuseRunning({ ExplainStmt: explain }: Node): void {
  const { options = [] } = (explain ?? {}) as {
    options?: readonly { readonly DefElem: { readonly defname: string; readonly arg?: Node } }[]
  }
  const isOn = options.some(
    ({ DefElem: { defname, arg } }) => defname.toLowerCase() === 'analyze' && !isFalse(arg),
  )
  if (!isOn) return
  throw new AppError('statement_refused', 'EXPLAIN ANALYZE runs what it explains.', {
    hint: 'Write EXPLAIN without ANALYZE for the plan alone.',
  })
}

/** As defGetBoolean reads it: false, off, 0. */
const isFalse = (arg: Node | undefined): boolean =>
  /^\{"(String|Boolean|Integer)":(\{"sval":"(false|off|0)"\}|\{\}|\{"boolval":false\})\}$/i.test(
    JSON.stringify(arg ?? null),
  )
