import type { Catalog, Column, Table } from '../../sources/catalog.ts'
import { toLiteral } from '../literal.ts'
import type { Sample, Samples } from './sample-values.ts'
import type { SchemaText } from './schema-text.ts'

/** Characters of a definition; a longer one is cut. */
const definitionCharacters = 4000
const commentCharacters = 300

interface Surroundings {
  readonly catalog: Catalog
  readonly values: Samples
  readonly text: SchemaText
}

/** Everything about one table, a line per fact. */
export function toTableText(table: Table, { catalog, values, text }: Surroundings): string {
  return [
    headline(table, text),
    ...table.columns.map(
      (column) => `  ${text.columnOf(table, column)}${factsOf(column, values.get(column.name))}`,
    ),
    ...table.indexes.map(
      ({ columns, unique }) => `${unique ? 'unique' : 'index'} (${columns.join(', ')})`,
    ),
    ...referencedBy(table, catalog),
    ...definitionOf(table),
  ].join('\n')
}

function headline(table: Table, text: SchemaText): string {
  const { kind, estimatedRows, comment } = table
  const rows = estimatedRows === null ? '' : `, about ${estimatedRows} rows`
  const about = comment === undefined ? '' : `: ${oneLine(comment)}`
  return `${text.table(table)}: ${kindTexts[kind]}${rows}${about}`
}

const kindTexts: Readonly<Record<Table['kind'], string>> = {
  table: 'table',
  view: 'view',
  materialized: 'materialized view',
  foreign: 'foreign table',
  virtual: 'virtual table',
  shadow: 'shadow table',
}

function factsOf(column: Column, sample: Sample | undefined): string {
  const facts: string[] = []
  if (!column.nullable && column.keyPosition === 0) facts.push('not null')
  if (column.generated) facts.push('generated')
  if (column.masked === true) facts.push('(reads as NULL here)')
  if (column.values !== undefined) facts.push(`one of ${column.values.map(toLiteral).join(', ')}`)
  else if (sample !== undefined) facts.push(toSampleText(sample))
  if (column.comment !== undefined) facts.push(`-- ${oneLine(column.comment)}`)
  return facts.map((fact) => ` ${fact}`).join('')
}

function toSampleText({ values, isWhole, examples }: Sample): string {
  if (values.length === 0) return `such as ${examples.map(toLiteral).join(' or ')}`
  return `values seen${isWhole ? '' : ', among others'}: ${values.map(toLiteral).join(', ')}`
}

/** A comment of the database, as long as a model needs it. */
const oneLine = (comment: string): string =>
  comment.replaceAll(/\s+/g, ' ').trim().slice(0, commentCharacters)

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
