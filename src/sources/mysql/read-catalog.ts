import { createHash } from 'node:crypto'
import { groupBy } from '../../base/group-by.ts'
import type { Catalog, Column, ForeignKey, Index, Table } from '../catalog.ts'
import {
  type ColumnRow,
  type IndexRow,
  type KeyRow,
  readRows,
  type Rows,
  type TableRow,
  type ViewRow,
} from './catalog-rows.ts'
import type { Connection } from './connection.ts'
import { toColumnType, toWords } from './declared-types.ts'
import type { ColumnExpression, MysqlFacts } from './terms.ts'

/** Tables, columns, keys, indexes, views and routines in a few questions, whatever their number. */
export async function readCatalog(
  connection: Connection,
  database: string | undefined,
): Promise<Catalog> {
  const { product, version } = connection.facts
  const rows = await readRows(connection, database)
  const naming = toNaming(database)
  const tables = toTables(rows, naming)
  const engine = `${product} ${version.match(/\d+\.\d+\.\d+/)?.[0] ?? version}`
  const facts = {
    product,
    database,
    foldsTableNames: rows.foldsTableNames,
    routines: new Set(rows.routines.map((name) => name.toLowerCase())),
    views: rows.views.map(({ schema, name, text }) => ({ schema, name, text: text ?? '' })),
    expressions: toExpressions(rows.columns, naming),
  } satisfies MysqlFacts
  return { version: toVersion(tables, facts), engine, tables, facts }
}

/** Without what statistics estimate: that changes all the time, and no rule with it. */
function toVersion(tables: readonly Table[], facts: MysqlFacts): string {
  const shape = [
    tables.map((table) => ({ ...table, estimatedRows: 0 })),
    { ...facts, routines: [...facts.routines] },
  ]
  return createHash('sha256').update(JSON.stringify(shape)).digest('base64url').slice(0, 22)
}

interface Place {
  readonly schema: string
  readonly table: string
}

/** A table is called by its own name where the source is one database, else behind its database's. */
type Naming = (place: Place) => string

const toNaming =
  (database: string | undefined): Naming =>
  ({ schema, table }) =>
    schema === database ? table : `${schema}.${table}`

function toTables(rows: Rows, naming: Naming): Table[] {
  const columns = groupBy(rows.columns, keyOf)
  const indexes = groupBy(rows.indexes, keyOf)
  const keys = groupBy(rows.keys, keyOf)
  const views = new Map(rows.views.map((view) => [keyOf({ ...view, table: view.name }), view]))
  return rows.tables.map((row) => {
    const at = keyOf(row)
    return {
      name: naming(row),
      ...(naming(row) === row.table ? {} : { path: [row.schema, row.table] }),
      kind: toKind(row),
      ...toComment(row),
      columns: toColumns(columns.get(at) ?? [], indexes.get(at) ?? []),
      foreignKeys: toForeignKeys(keys.get(at) ?? [], naming),
      indexes: toIndexes(indexes.get(at) ?? []),
      estimatedRows: row.rows === null ? null : Number(row.rows),
      definition: toDefinition(views.get(at)),
    }
  })
}

function toKind({ type, engine }: TableRow): Table['kind'] {
  if (/VIEW/.test(type)) return 'view'
  return /^(?:FEDERATED|CONNECT|SPIDER|S3)$/i.test(engine ?? '') ? 'foreign' : 'table'
}

/** Of a view the comment is the word VIEW. */
const toComment = ({ comment, type }: TableRow): { comment?: string } =>
  comment === null || comment === '' || /VIEW/.test(type) ? {} : { comment }

const toDefinition = (view: ViewRow | undefined): string | null =>
  view?.text ? `CREATE VIEW \`${view.name}\` AS ${view.text}` : null

function toColumns(rows: readonly ColumnRow[], indexes: readonly IndexRow[]): Column[] {
  const key = indexes.filter(({ index }) => index === 'PRIMARY').map(({ column }) => column)
  return rows.map(({ name, type, nullable, extra, comment }) => {
    const values = toWords(type)
    return {
      name,
      type: toColumnType(type),
      nullable: nullable === 'YES',
      keyPosition: key.indexOf(name) + 1,
      generated: /\b(?:VIRTUAL|STORED|PERSISTENT)\b/i.test(extra ?? ''),
      ...(comment === null || comment === '' ? {} : { comment }),
      ...(values === undefined ? {} : { values }),
    }
  })
}

const toForeignKeys = (rows: readonly KeyRow[], naming: Naming): ForeignKey[] =>
  [...groupBy(rows, ({ key }) => key).values()].map((parts) => ({
    columns: parts.map(({ column }) => column),
    table: naming({ schema: parts[0]?.toSchema ?? '', table: parts[0]?.toTable ?? '' }),
    references: parts.map(({ toColumn }) => toColumn),
  }))

const toIndexes = (rows: readonly IndexRow[]): Index[] =>
  [...groupBy(rows, ({ index }) => index).values()].map((parts) => ({
    columns: parts.map(({ column }) => column ?? '(expression)'),
    unique: Number(parts[0]?.nonUnique) === 0,
  }))

const toExpressions = (rows: readonly ColumnRow[], naming: Naming): ColumnExpression[] =>
  rows.flatMap((row): ColumnExpression[] => {
    const place = { table: naming(row), column: row.name }
    const generated = row.generation ?? ''
    if (generated !== '') return [{ ...place, kind: 'generated', text: generated }]
    // A default that calls something; a plain one has no parenthesis outside of its quotes.
    const text = row.default ?? ''
    return /\(|\bnext\s+value\b/i.test(text) ? [{ ...place, kind: 'default', text }] : []
  })

const keyOf = ({ schema, table }: Place): string => JSON.stringify([schema, table])
