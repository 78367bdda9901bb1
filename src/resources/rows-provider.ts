import { AppError } from '../base/error.ts'
import { toJson } from '../results/answer.ts'
import type { Catalog, Column, Table } from '../sources/catalog.ts'
import type { RowSet } from '../sources/source.ts'
import { quoteName, quoteTable } from '../tools/quote-name.ts'
import { runStatement } from '../tools/query/run-statement.ts'
import type { DeclaredSources, ServedSource } from '../tools/served-source.ts'
import { shownCatalog } from '../tools/schema/shown-catalog.ts'
import type { CallContext } from '../tools/tool.ts'
import type { RowsOptions } from './options.ts'
import type { ListedResource, ListedTemplate, Provider, Reading, Typed } from './provider.ts'
import { likelyKeys, toKeyValue } from './row-keys.ts'
import { unknownResource } from './unknown-resource.ts'
import { parseUri } from './uri.ts'

/**
 * The rows of a table, each by its key: asked through guard and source as any statement is, so that what is
 * closed stays closed. There may be any number of them, so none is listed: a template says how they are called.
 */
export class RowsProvider implements Provider {
  readonly templates: readonly ListedTemplate[]
  readonly #options: RowsOptions
  readonly #sources: DeclaredSources

  constructor(options: RowsOptions, sources: DeclaredSources) {
    const { name, source, table, key, title, description } = options
    this.#options = options
    this.#sources = sources
    this.templates = [
      {
        uriTemplate: `vitrine://${source}/${name}/${key.map((column) => `{${column}}`).join('/')}`,
        name,
        title: title ?? `A row of ${table}`,
        ...(description !== undefined && { description }),
        mimeType: 'application/json',
      },
    ]
  }

  async list(): Promise<readonly ListedResource[]> {
    return []
  }

  owns(uri: string): boolean {
    return this.#keyOf(uri) !== undefined
  }

  async read(uri: string, context: CallContext): Promise<Reading> {
    const key = this.#keyOf(uri) ?? []
    const { served, table } = await this.#open(context)
    const columns = this.#options.key.map((name) => columnNamed(name, table))
    const values = columns.map((column, index) => toKeyValue(key[index] ?? '', column))
    const given = values.flatMap((value) => (value === undefined ? [] : [value]))
    if (given.length < columns.length) throw unknownResource(uri)
    const { capabilities } = served.source
    const where = columns.map(
      ({ name }, index) => `${quoteName(name, capabilities)} = :key${index}`,
    )
    const text = `SELECT * FROM ${quoteTable(table, capabilities)} WHERE ${where.join(' AND ')}`
    const bindings = Object.fromEntries(given.map((value, index) => [`key${index}`, value]))
    // One more, to know whether it is the only one.
    const rows = await runStatement(served, { text, rows: 2, bindings }, context).catch(
      (error: unknown) => {
        throw isNoKey(error) ? unknownResource(uri) : error
      },
    )
    if (rows.rows.length === 0) throw unknownResource(uri)
    if (rows.rows.length > 1) throw severalRows(this.#options)
    return { content: { mimeType: 'application/json', text: toText(rows) }, rows: 1 }
  }

  async complete({ argument, value }: Typed, context: CallContext): Promise<readonly string[]> {
    const { served, table } = await this.#open(context)
    return likelyKeys({ served, table, column: columnNamed(argument, table) }, value, context)
  }

  /** Undefined for what is no URI of such a row. */
  #keyOf(uri: string): readonly string[] | undefined {
    const { name, source, key } = this.#options
    const { name: host, segments: [first, ...rest] = [] } = parseUri(uri) ?? {}
    return host === source && first === name && rest.length === key.length ? rest : undefined
  }

  async #open({ signal }: CallContext): Promise<{ served: ServedSource; table: Table }> {
    const served = await this.#sources.get(this.#options.source)?.open()
    if (served === undefined) throw new Error('A resource names a source that is not there.')
    return { served, table: tableNamed(this.#options.table, await shownCatalog(served, signal)) }
  }
}

/** An engine may refuse to read the text as a value of that column. */
const isNoKey = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'query_failed'

function tableNamed(wanted: string, { tables }: Catalog): Table {
  const found = tables.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  throw notThere(`the table ${wanted}`)
}

function columnNamed(wanted: string, { columns }: Table): Column {
  const found = columns.find(({ name }) => name === wanted)
  if (found !== undefined && found.masked !== true) return found
  throw notThere(`the column ${wanted}`)
}

const notThere = (what: string): AppError =>
  new AppError('config_invalid', `The config makes resources of ${what}, which is not open.`, {
    hint: 'Tell the person who runs the server: `vitrine check` says which.',
  })

const severalRows = ({ name, key }: RowsOptions): AppError =>
  new AppError('config_invalid', `Several rows of ${name} have the same ${key.join(', ')}.`, {
    hint: 'Tell the person who runs the server: the key of this resource does not tell rows apart.',
  })

/** By the names of the columns; what was masked is null, and said. */
function toText({ columns, rows: [row = []], masked }: RowSet): string {
  const cells = columns.map(({ name }, index) => [name, toJson(row[index] ?? null)] as const)
  return JSON.stringify({
    row: Object.fromEntries(cells),
    ...(masked.length > 0 && { masked }),
  })
}
