import { AppError } from '../../base/error.ts'
import type { Catalog } from '../../sources/catalog.ts'
import { meantTable } from '../explain/explain-table.ts'
import { tableNamed } from '../explain/failure.ts'
import { sampleValues } from './sample-values.ts'
import { SchemaText } from './schema-text.ts'
import { searchSchema } from './search-schema.ts'
import type { DeclaredSource, ServedSource } from '../served-source.ts'
import { shownCatalog } from './shown-catalog.ts'
import { toTableText } from './table-text.ts'
import type { Answer, CallContext } from '../tool.ts'

export interface SchemaQuestion {
  readonly table: string | undefined
  readonly search: string | undefined
}

/** A catalog older than this is read again before it is told: tables may have come meanwhile. */
const freshMs = 10_000

/** Everything about one table, what a search finds, or the overview. */
export async function answerSchema(
  declared: DeclaredSource,
  { table, search }: SchemaQuestion,
  context: CallContext,
): Promise<Answer> {
  const served = await declared.open()
  served.source.refresh(freshMs)
  const catalog = await shownCatalog(served, context.signal)
  if (table !== undefined) return describeTable(served, { catalog, table }, context)
  const text = new SchemaText(served.source.capabilities)
  if (search !== undefined) return find(search, catalog, text)
  return overview(declared, catalog, text)
}

function find(search: string, catalog: Catalog, text: SchemaText): Answer {
  const matches = searchSchema(catalog, search, text)
  return matches.length > 0 ? { matches } : { matches, hint: nothingFound }
}

const nothingFound =
  'No name of a table or column is like that. Call get_schema without arguments to see them all; ' +
  'what rows hold is not searched.'

function overview(
  { name, dialect, description, context }: DeclaredSource,
  catalog: Catalog,
  text: SchemaText,
): Answer {
  return {
    source: name,
    dialect,
    engine: catalog.engine,
    ...(description === undefined ? {} : { description }),
    tables: catalog.tables.length,
    schema: text.overview(catalog),
    ...(context === undefined ? {} : { notes: context }),
  }
}

async function describeTable(
  served: ServedSource,
  { catalog, table }: { catalog: Catalog; table: string },
  context: CallContext,
): Promise<Answer> {
  const found = tableNamed(table, catalog)
  if (found === undefined) {
    const whole = await served.source.catalog(context.signal)
    throw tableNamed(table, whole) === undefined ? unknownTable(table, catalog) : notOpen(table)
  }
  const values = await sampleValues(served, found, context)
  const text = new SchemaText(served.source.capabilities)
  return { table: found.name, schema: toTableText(found, { catalog, values, text }) }
}

const unknownTable = (table: string, catalog: Catalog): AppError =>
  new AppError('unknown_table', `There is no table ${table}.`, {
    subject: table,
    hint:
      meantTable(table, catalog) ??
      'Call get_schema without arguments, or with search, to see the tables.',
  })

/** As a query of it is told. */
const notOpen = (table: string): AppError =>
  new AppError('not_open', `The table ${table} is not open.`, {
    subject: table,
    hint: 'Call get_schema without arguments to see what is.',
  })
