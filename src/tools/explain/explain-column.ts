import { foldCase } from '../../base/fold-case.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import { calledAdvice, syntaxAdvice } from './dialect-advice.ts'
import { type Failure, hasColumn, HintNames, isUndeclared, join, namedTables } from './failure.ts'
import { joinPath } from '../schema/join-path.ts'
import { isSingularOf, namesLike } from '../likeness.ts'
import { toPattern } from '../named-in.ts'
import type { StatementParts } from '../query/statement-parts.ts'

/**
 * Four of five unknown columns exist in another table of the same database, so the whole catalog is
 * looked through: first the tables the statement names, then the others.
 */
export function explainColumn(failure: Failure): string | undefined {
  const { subject, text, catalog, advice, parts } = failure
  if (/^\d+$/.test(subject))
    return 'A number there is a place among the columns of the SELECT, which has fewer.'
  // In double quotes it may be a text with any dots in it.
  const isQuoted = text.includes(`"${subject}"`)
  const column = isQuoted ? subject : (subject.split('.').at(-1) ?? subject)
  const names = new HintNames(failure)
  const named = namedTables(failure)
  const owners = named.filter((table) => hasColumn(table, column))
  const called = join(calledAdvice(parts, advice), syntaxAdvice({ code: subject }, advice))
  const alias = isQuoted ? undefined : unknownAlias(failure, { named, owners }, names)
  if (owners.length > 0) return join(called, alias)
  const elsewhere = findElsewhere(column, catalog.tables, names)
  const close = elsewhere?.isCertain === true ? undefined : closeColumns(column, named, names)
  if (isQuoted && elsewhere === undefined) {
    return join(called, close, `A text is written in single quotes: '${column}'.`)
  }
  return join(
    called,
    alias,
    close,
    elsewhere?.sentence,
    elsewhere && joinPath(named, elsewhere.tables, names),
    called === undefined && close === undefined
      ? whatThereIs({ named, isFound: elsewhere !== undefined }, catalog, names)
      : undefined,
  )
}

interface Owned {
  readonly named: readonly Table[]
  /** Those that have the column. */
  readonly owners: readonly Table[]
}

/** A name before the dot that nothing in the statement has. */
function unknownAlias(
  { subject, parts }: Failure,
  { named, owners }: Owned,
  names: HintNames,
): string | undefined {
  const [column = '', alias] = subject.split('.').toReversed()
  if (alias === undefined) return undefined
  if (!isUndeclared(alias, parts)) return renamed(alias, column, parts)
  const here = named.length === 0 ? '' : `, which names ${names.tables(named)}`
  const meant = owners.map((table) => names.column(table, column)).join(' or ')
  return join(
    `There is no table or alias ${alias} in the statement${here}.`,
    meant === '' ? undefined : `Did you mean ${meant}?`,
  )
}

/** A table that goes by an alias goes by no other name. */
function renamed(table: string, column: string, { code }: StatementParts): string | undefined {
  const [, alias] =
    new RegExp(`\\b${toPattern(table)}\\s+(?:as\\s+)?([a-z_]\\w*)`, 'i').exec(code) ?? []
  if (alias === undefined || clauses.has(alias.toLowerCase())) return undefined
  return `${table} is called ${alias} in the statement: write ${alias}.${column}.`
}

const clauses = new Set(
  `as cross except full group having inner intersect join left limit natural on order outer right union
  using where window`.split(/\s+/),
)

function whatThereIs(
  { named, isFound }: { named: readonly Table[]; isFound: boolean },
  catalog: Catalog,
  names: HintNames,
): string | undefined {
  if (named.length > 0) return names.columnsOf(named)
  return isFound ? undefined : names.openTables(catalog)
}

function closeColumns(
  column: string,
  tables: readonly Table[],
  names: HintNames,
): string | undefined {
  const close = tables.flatMap((table) => {
    const like = namesLike(
      column,
      table.columns.map(({ name }) => name),
    )
    const shown = like.map((name) => names.name(name)).join(', ')
    return like.length === 0 ? [] : [`${names.table(table)} has ${shown}`]
  })
  return close.length === 0 ? undefined : `${close.join('; ')}: did you mean that?`
}

interface Elsewhere {
  /** The column was named after its table. */
  readonly isCertain: boolean
  readonly tables: readonly Table[]
  readonly sentence: string
}

/** `customer_name` is the name of customers; else tables that have a column called so. */
function findElsewhere(
  column: string,
  tables: readonly Table[],
  names: HintNames,
): Elsewhere | undefined {
  const [compound] = tables.flatMap((table) => {
    const part = table.columns.find(({ name }) => isOf(column, table.name, name))
    return part === undefined ? [] : [{ table, shown: names.column(table, part.name) }]
  })
  const exact = tables.filter((table) => hasColumn(table, column))
  if (compound === undefined && exact.length === 0) return undefined
  const sentence = join(
    compound && `Did you mean ${compound.shown}?`,
    exact.length > 0 ? `${names.name(column)} is a column of ${names.tables(exact)}.` : undefined,
  )
  const isCertain = compound !== undefined
  return {
    isCertain,
    tables: compound ? [compound.table, ...exact] : exact,
    sentence: sentence ?? '',
  }
}

/** True where a column is called after its table and itself. */
function isOf(word: string, table: string, column: string): boolean {
  const suffix = `_${foldCase(column)}`
  const folded = foldCase(word)
  return folded.endsWith(suffix) && isSingularOf(folded.slice(0, -suffix.length), table)
}
