import { AppError, toAppError } from '../base/error.ts'
import { foldCase } from '../base/fold-case.ts'
import { didYouMean, nearest } from '../base/nearest.ts'
import type { Advice } from '../sources/advice.ts'
import type { Catalog, Table } from '../sources/catalog.ts'
import { functionAdvice, syntaxAdvice } from './dialect-advice.ts'
import { isNamedIn } from './named-in.ts'
import type { ServedSource } from './served-source.ts'

/** Most names a hint lists. */
const mostNames = 25

/** The same failure with a hint made from the whole open catalog: what the model should write instead. */
export async function explainFailure(
  thrown: unknown,
  { source, guard }: ServedSource,
  text: string,
): Promise<AppError> {
  const error = toAppError(thrown)
  if (!(error.code in explainers)) return error
  const catalog = await source.catalog(AbortSignal.timeout(1000)).then(
    (whole) => guard.show(whole),
    () => undefined,
  )
  if (catalog === undefined) return error
  const { advice } = source
  const hint = explainers[error.code]?.({ subject: error.subject ?? '', text, catalog, advice })
  if (hint === undefined) return error
  return new AppError(error.code, error.message, {
    hint,
    subject: error.subject,
    cause: error.cause,
  })
}

interface Failure {
  readonly advice: Advice
  readonly subject: string
  readonly text: string
  readonly catalog: Catalog
}

const explainers: Readonly<Record<string, (failure: Failure) => string | undefined>> = {
  unknown_table: ({ subject, catalog }) =>
    join(didYouMean(subject, namesOf(catalog.tables)), openTables(catalog)),
  not_open: ({ subject, catalog }) => (subject === '' ? undefined : openTables(catalog)),
  unknown_column: explainColumn,
  unknown_function: ({ subject, advice }) => functionAdvice(subject, advice),
  syntax_error: ({ text, advice }) => syntaxAdvice(text, advice),
  query_failed: explainAmbiguity,
}

/**
 * Four of five unknown columns exist in another table of the same database, so the whole catalog is
 * looked through: first the tables the statement names, then the others.
 */
function explainColumn({ subject, text, catalog, advice }: Failure): string {
  const column = subject.split('.').at(-1) ?? subject
  const named = catalog.tables.filter(({ name }) => isNamedIn(text, name))
  const close = named.flatMap((table) => nearestColumn(column, table) ?? [])
  const exact = catalog.tables.filter((table) => hasColumn(table, column))
  const quoted = text.includes(`"${column}"`) || text.includes('`')
  return join(
    syntaxAdvice(subject, advice),
    close.length > 0 ? `${close.join('; ')}: did you mean that?` : undefined,
    exact.length > 0 ? `${column} is a column of ${list(namesOf(exact))}.` : undefined,
    exact.length > 0 ? joinPath(named, exact) : undefined,
    quoted && exact.length === 0 ? `A text is written in single quotes: '${column}'.` : undefined,
    close.length + exact.length === 0 ? columnsOf(named, catalog) : undefined,
  )
}

/** A column that several tables of the statement have. */
function explainAmbiguity({ subject, text, catalog }: Failure): string | undefined {
  const owners = catalog.tables.filter(
    (table) => isNamedIn(text, table.name) && hasColumn(table, subject),
  )
  if (owners.length < 2) return undefined
  const choices = owners.map(({ name }) => `${name}.${subject}`)
  return `Write the table or its alias before it: ${choices.join(' or ')}.`
}

function nearestColumn(column: string, table: Table): string | undefined {
  const names = namesOf(table.columns)
  const parts = names.filter((name) => foldCase(name).split('_').includes(foldCase(column)))
  const found = nearest(column, names) ?? parts[0]
  return found === undefined
    ? undefined
    : `${table.name} has ${[...new Set([found, ...parts])].join(', ')}`
}

const hasColumn = ({ columns }: Table, column: string): boolean =>
  columns.some(({ name }) => foldCase(name) === foldCase(column))

/** How to come from a table the statement names to one that has the column, where a foreign key says. */
function joinPath(named: readonly Table[], owners: readonly Table[]): string | undefined {
  for (const from of named) {
    for (const to of owners) {
      const condition = keyBetween(from, to) ?? keyBetween(to, from)
      if (condition !== undefined && from !== to) return `Join on ${condition}.`
    }
  }
  return undefined
}

function keyBetween(from: Table, to: Table): string | undefined {
  const key = from.foreignKeys.find(({ table }) => foldCase(table) === foldCase(to.name))
  const primary = to.columns.filter(({ keyPosition }) => keyPosition > 0).map(({ name }) => name)
  const references = key?.references.length === 0 ? primary : key?.references
  return key?.columns
    .map((column, index) => `${from.name}.${column} = ${to.name}.${references?.[index] ?? column}`)
    .join(' AND ')
}

const columnsOf = (named: readonly Table[], catalog: Catalog): string =>
  named.length === 0
    ? openTables(catalog)
    : named.map(({ name, columns }) => `${name} has ${list(namesOf(columns))}.`).join(' ')

const openTables = ({ tables }: Catalog): string => `Open tables: ${list(namesOf(tables))}.`

const namesOf = (things: readonly { readonly name: string }[]): string[] =>
  things.map(({ name }) => name)

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown
}

const join = (...sentences: readonly (string | undefined)[]): string =>
  sentences.filter((sentence) => sentence !== undefined).join(' ')
