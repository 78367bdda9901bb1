import { z } from 'zod'
import { AppError } from '../base/error.ts'
import { foldCase } from '../base/fold-case.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Catalog } from '../sources/catalog.ts'
import { sampleValues } from './sample-values.ts'
import { SchemaText } from './schema-text.ts'
import { searchSchema } from './search-schema.ts'
import { pickSource, type ServedSource, type ServedSources } from './served-source.ts'
import { sourceArgument } from './source-argument.ts'
import { toTableText } from './table-text.ts'
import { type Answer, type CallContext, defineTool, readOnly, type Tool } from './tool.ts'

export function getSchema(sources: ServedSources): Tool {
  return defineTool({
    name: 'get_schema',
    title: 'Look up tables and columns',
    description:
      'Tells what can be queried. Without arguments: every table with columns, types, keys (pk), ' +
      'references (->table.column), row estimates, and notes on what the data means. With ' +
      'table_name: everything about one table, with indexes and the values that columns of few ' +
      'values hold. With search: the tables and columns whose names match. Call it before the ' +
      'first query and whenever a name is uncertain. Example: {"table_name":"orders"}',
    input: z.strictObject({
      ...sourceArgument(sources),
      table_name: z.string().min(1).optional().describe('One table or view, exactly as listed'),
      search: z.string().min(1).max(200).optional().describe('Words to look for in names'),
    }),
    annotations: readOnly,
    async run({ source, table_name: table, search }, context) {
      const served = pickSource(sources, source as string | undefined)
      const catalog = served.guard.show(await served.source.catalog(context.signal))
      if (table !== undefined) return describeTable(served, { catalog, table }, context)
      const text = new SchemaText(served.source.capabilities)
      if (search !== undefined) return { matches: searchSchema(catalog, search, text) }
      return overview(served, catalog)
    },
  })
}

function overview({ source, description, context }: ServedSource, catalog: Catalog): Answer {
  return {
    source: source.name,
    dialect: source.dialect,
    ...(description === undefined ? {} : { description }),
    tables: catalog.tables.length,
    schema: new SchemaText(source.capabilities).overview(catalog),
    ...(context === undefined ? {} : { notes: context }),
  }
}

async function describeTable(
  served: ServedSource,
  { catalog, table }: { catalog: Catalog; table: string },
  context: CallContext,
): Promise<Answer> {
  const found = catalog.tables.find(({ name }) => foldCase(name) === foldCase(table))
  if (found === undefined) throw unknownTable(table, catalog)
  const values = await sampleValues(served, found, context)
  const text = new SchemaText(served.source.capabilities)
  return { table: found.name, schema: toTableText(found, { catalog, values, text }) }
}

function unknownTable(table: string, { tables }: Catalog): AppError {
  const names = tables.map(({ name }) => name)
  return new AppError('unknown_table', `There is no table ${table}.`, {
    subject: table,
    hint:
      didYouMean(table, names) ??
      'Call get_schema without arguments, or with search, to see the tables.',
  })
}
