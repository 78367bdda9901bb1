import type { Catalog, Column, Table } from '../sources/catalog.ts'
import { toJson } from '../results/answer.ts'
import type { Value } from '../sources/source.ts'
import type { SchemaText } from './schema-text.ts'

/** Values seen in a column, by column name. */
export type SampleValues = ReadonlyMap<string, readonly Value[]>

/** Characters of a definition; a longer one is cut. */
const definitionCharacters = 4000

interface Surroundings {
  readonly catalog: Catalog
  readonly values: SampleValues
  readonly text: SchemaText
}

/** Everything about one table, a line per fact. */
export function toTableText(table: Table, { catalog, values, text }: Surroundings): string {
  return [
    headline(table, text),
    ...table.columns.map(
      (column) => `  ${text.column(column, table)}${factsOf(column, values.get(column.name))}`,
    ),
    ...table.indexes.map(
      ({ columns, unique }) => `${unique ? 'unique' : 'index'} (${columns.join(', ')})`,
    ),
    ...referencedBy(table, catalog),
    ...definitionOf(table),
  ].join('\n')
}

function headline({ name, kind, estimatedRows }: Table, text: SchemaText): string {
  const rows = estimatedRows === null ? '' : `, about ${estimatedRows} rows`
  return `${text.name(name)}: ${kind === 'virtual' ? 'virtual table' : kind}${rows}`
}

function factsOf(column: Column, seen: readonly Value[] | undefined): string {
  const facts: string[] = []
  if (!column.nullable && column.keyPosition === 0) facts.push('not null')
  if (column.generated) facts.push('generated')
  if (column.masked === true) facts.push('(reads as NULL here)')
  if (seen !== undefined) facts.push(`values seen: ${seen.map(toLiteral).join(', ')}`)
  return facts.map((fact) => ` ${fact}`).join('')
}

const toLiteral = (value: Value): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(toJson(value))

function referencedBy(table: Table, { tables }: Catalog): string[] {
  const from = tables.flatMap(({ name, foreignKeys }) =>
    foreignKeys
      .filter((key) => key.table.toLowerCase() === table.name.toLowerCase())
      .map(({ columns }) => `${name}.${columns.join('+')}`),
  )
  return from.length === 0 ? [] : [`referenced by ${from.join(', ')}`]
}

function definitionOf({ kind, definition }: Table): string[] {
  if (kind === 'table' || definition === null) return []
  return [`defined as ${definition.slice(0, definitionCharacters)}`]
}
