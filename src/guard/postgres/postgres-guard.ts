import { AppError } from '../../base/error.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { JudgedBy, PostgresFacts, PostgresTerms } from '../../sources/postgres/facts.ts'
import { canonical } from '../canonical.ts'
import type { DialectGuard, Judged, PreparedGuard } from '../dialect-guard.ts'
import { isRestricted, type Visibility } from '../visibility.ts'
import { postgresBinding } from './binding.ts'
import { readPostgresChange } from './change.ts'
import type { ColumnRule } from '../../sources/statement.ts'
import { exactly, withoutClosed } from './closed-columns.ts'
import { CodeRules, userCode } from './code-rules.ts'
import { refuseFoldedNames } from './folded-names.ts'
import { inspect, type Inspection } from './inspect.ts'
import { loadGrammar, type Node, parseStatement } from './parse.ts'
import { otherDatabase } from './refusals.ts'
import { type Placed, RelationRules } from './relation-rules.ts'
import { allSettings, checkSettings, withoutSecrets } from './settings.ts'
import { type Closing, putStandIns, quote } from './stand-ins.ts'
import { checkToldRelations } from './told-relations.ts'

/** PostgreSQL is judged by its own grammar: every node, and every name that may stand for code. */
export async function loadPostgresGuard(): Promise<DialectGuard> {
  await loadGrammar()
  return { fold: exactly, binding: postgresBinding, readChange: readPostgresChange, prepare }
}

function prepare(catalog: Catalog, asked: Visibility): PreparedGuard {
  const facts = catalog.facts as PostgresFacts
  const restricted = isRestricted(asked)
  const code = new CodeRules(facts, restricted)
  const visibility = canonical(asked, catalog)
  const relations = new RelationRules({ catalog, facts, visibility, restricted, code })
  const identity = Object.keys(asked.identity ?? {})
  return {
    tables: relations.tables,
    judge(text, placeholders) {
      const tree = parseStatement(text)
      if (facts.hasByteNames) refuseFoldedNames(text)
      const found = inspect(tree, placeholders)
      refuseRunning(tree)
      if ([...found.databases].some((name) => name !== facts.database)) throw otherDatabase()
      code.check(found, (attribute) => relations.isColumn(attribute, found))
      checkSettings(found, { facts, identity })
      if (restricted) checkToldRelations(found, (named) => relations.isOpen(named))
      const placed = relations.check(found)
      if (restricted && 'ExplainStmt' in tree) refusePlans(placed, facts)
      refuseCodeOfColumns(found, placed, code)
      const closings = placed.flatMap((one) => toClosing(one, found, { relations, facts }))
      const judged = {
        text,
        found,
        relations,
        judgedBy: toJudgedBy(placed, relations, facts),
        closings: [...closings, ...ofSettings(found, relations)],
      }
      return toJudged(judged, facts, 'SelectStmt' in tree)
    },
  }
}

/** Functions that make a value of whatever type their other arguments have. */
const makesLike =
  /^jsonb?_populate_record(set)?$|^array_(append|prepend|cat|position|positions|remove|replace|fill)$|^(lag|lead)$/

/**
 * Code of the types of columns, which nothing names: an operator or a cast of theirs; and the check of a
 * domain, wherever a value of its type is made.
 */
function refuseCodeOfColumns(
  found: Inspection,
  placed: readonly Placed[],
  { types }: CodeRules,
): void {
  const { functions, operators } = found
  const tables = [...new Set(placed.map(({ table }) => table))]
  const used = types.ofUsing(tables, found)
  if (used !== undefined) throw userCode(used)
  const makes =
    functions.some(({ name }) => makesLike.test(name)) ||
    operators.some(({ name }) => name === '#=')
  if (!makes) return
  for (const table of tables) {
    const reason = types.ofMakingLikeColumnsOf(table.name)
    if (reason !== undefined) throw userCode(reason)
  }
}

/** What stands in for the table, unless nothing in the statement can touch what is closed of it. */
function toClosing(
  { named, table }: Placed,
  { readsAll, columns, relations: all }: Inspection,
  { relations, facts }: { readonly relations: RelationRules; readonly facts: PostgresFacts },
): Closing[] {
  const closedColumns =
    relations.tables.get(table.name)?.closedColumns ?? new Map<string, ColumnRule>()
  // Each place that names the table, or none.
  const whole = all.some(({ name, alias }) => name === named.name && columns.has(alias ?? name))
  const touches =
    readsAll || whole || [...closedColumns.keys()].some((column) => columns.has(column))
  if (closedColumns.size === 0 || !touches) return []
  return [{ named, table, readFrom: withoutClosed(withWrittenTypes(table, facts), closedColumns) }]
}

/** Where the statement reads pg_settings. */
function ofSettings({ relations: all }: Inspection, relations: RelationRules): Closing[] {
  return all
    .filter(({ schema = 'pg_catalog', name }) => schema === 'pg_catalog' && name === 'pg_settings')
    .filter((named) => relations.resolve(named) === undefined)
    .map((named) => ({ named, table: pgSettings, readFrom: withoutSecrets }))
}

const pgSettings: Table = {
  name: 'pg_settings',
  kind: 'view',
  columns: [],
  foreignKeys: [],
  indexes: [],
  estimatedRows: null,
  definition: null,
}

/** With the types of columns as a cast writes them: those of ours in quotes, and a domain's base. */
function withWrittenTypes(table: Table, { columnTypes, types }: PostgresFacts): Table {
  const ofOurs = columnTypes.get(table.name)
  if (ofOurs === undefined) return table
  const written = (oid: string): string | undefined => {
    const type = types.get(oid)
    const [base] = type?.parts ?? []
    if (type?.writtenBase === undefined) return type?.written
    return (base !== undefined && written(base)) || type.writtenBase
  }
  const columns = table.columns.map((column) => {
    const oid = ofOurs.get(column.name)
    return { ...column, type: (oid !== undefined && written(oid)) || column.type }
  })
  return { ...table, columns }
}

interface Parts {
  readonly text: string
  readonly found: Inspection
  readonly relations: RelationRules
  readonly judgedBy: JudgedBy
  readonly closings: readonly Closing[]
}

function toJudged(parts: Parts, { searchPath, schemaOf }: PostgresFacts, hasPlan: boolean): Judged {
  const { text, found, judgedBy, closings } = parts
  const schemaOfTable = ({ name, path }: Table): string =>
    path?.[0] ?? schemaOf.get(name) ?? 'pg_catalog'
  const masked = new Set(closings.flatMap(({ table }) => maskedIn(table, parts)))
  const showsAll = found.settings.includes('all')
  return {
    text: showsAll ? allSettings : putStandIns(text, closings, schemaOfTable),
    terms: { searchPath, hasPlan, judgedBy, masked: [...masked] } satisfies PostgresTerms,
  }
}

/** Columns that read as NULL and that the statement names, or takes by a star. */
const maskedIn = ({ name }: Table, { found: { readsAll, columns }, relations }: Parts): string[] =>
  [...(relations.tables.get(name)?.closedColumns ?? [])]
    .filter(([column, rule]) => rule === 'mask' && (readsAll || columns.has(column)))
    .map(([column]) => `${name}.${column}`)

/** What of the catalog the judgement stands on. */
function toJudgedBy(
  placed: readonly Placed[],
  relations: RelationRules,
  { codeState, stateOf }: PostgresFacts,
): JudgedBy {
  const tables = relations.behind(placed.map(({ table }) => table))
  return {
    code: codeState,
    relations: [...tables].flatMap(({ name }) => stateOf.get(name) ?? []),
    names: placed.map(({ named: { schema, name }, table }) => ({
      written: schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`,
      oid: stateOf.get(table.name)?.oid ?? '0',
    })),
  }
}

/** The plan of a view shows what it is made of, and that of a table with policies what they ask. */
function refusePlans(placed: readonly Placed[], { policies }: PostgresFacts): void {
  const told = placed.find(({ table: { name, kind } }) => kind === 'view' || policies.has(name))
  if (told === undefined) return
  const { name } = told.table
  throw new AppError(
    'not_open',
    `The plan of ${name} is not open here: it tells of what is closed.`,
    {
      subject: name,
      hint: 'Ask without EXPLAIN.',
    },
  )
}

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
