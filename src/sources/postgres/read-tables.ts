import { groupBy } from '../../base/group-by.ts'
import type { Column, ForeignKey, Index, Table } from '../catalog.ts'
import { type Row, toShortType, type TypeNames } from './type-names.ts'

/** Rows of the questions in catalog-sql.ts, by what they are about. */
export interface TableRows {
  readonly visible: readonly Row[]
  readonly relations: readonly Row[]
  readonly columns: readonly Row[]
  readonly keys: readonly Row[]
  readonly indexes: readonly Row[]
  readonly enums: readonly Row[]
  readonly userTypes: readonly Row[]
}

const kinds: Readonly<Record<string, Table['kind']>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized',
  f: 'foreign',
}

/** Tables by the number of their relation. */
export function readTables(rows: TableRows, types: TypeNames): ReadonlyMap<string, Table> {
  const visible = new Set(rows.visible.map(([oid]) => text(oid)))
  const pieces: Pieces = {
    names: new Map(rows.relations.map((row) => [text(row[0]), nameOf(row, visible)])),
    visible,
    columns: groupByFirst(rows.columns),
    keys: groupByFirst(rows.keys),
    indexes: groupByFirst(rows.indexes),
    words: wordsOfTypes(rows),
    types,
  }
  return new Map(rows.relations.map((row) => [text(row[0]), toTable(row, pieces)]))
}

interface Pieces {
  readonly names: ReadonlyMap<string, string>
  readonly visible: ReadonlySet<string>
  readonly columns: Groups
  readonly keys: Groups
  readonly indexes: Groups
  /** What an enum allows, by the number of its type and of each domain over it. */
  readonly words: ReadonlyMap<string, readonly string[]>
  readonly types: TypeNames
}

type Groups = ReadonlyMap<string, readonly Row[]>

function toTable(row: Row, pieces: Pieces): Table {
  const [oid, schema, relation, kind, isPart, rows, comment, definition, mayRead] = row
  const columns = pieces.columns.get(text(oid)) ?? []
  const keys = pieces.keys.get(text(oid)) ?? []
  const columnNames = new Map(columns.map((column) => [Number(column[1]), text(column[2])]))
  const table = {
    name: pieces.names.get(text(oid)) ?? '',
    kind: isPart === 't' || mayRead !== 't' ? ('shadow' as const) : (kinds[text(kind)] ?? 'table'),
    columns: columns.map((column) => toColumn(column, keys, pieces)),
    foreignKeys: keys.flatMap((key) => toForeignKey(key, columnNames, pieces)),
    indexes: (pieces.indexes.get(text(oid)) ?? []).map((index) => toIndex(index, columnNames)),
    estimatedRows: isNone(rows) ? null : Number(rows),
    definition: definition ?? null,
    ...(isNone(comment) ? {} : { comment: text(comment) }),
  }
  return pieces.visible.has(text(oid)) ? table : { ...table, path: [text(schema), text(relation)] }
}

function toColumn(row: Row, keys: readonly Row[], { words, types }: Pieces): Column {
  const [, number, name, type, exactType, notNull, generated, comment] = row
  const primary = keys.find(([, kind]) => kind === 'p')
  const allowed = words.get(text(type))
  return {
    name: text(name),
    type: isNone(exactType)
      ? types.nameOf(Number(type))
      : exactName(text(exactType), text(type), types),
    nullable: notNull !== 't',
    keyPosition: primary === undefined ? 0 : numbers(primary[2]).indexOf(Number(number)) + 1,
    generated: generated === 't',
    ...(isNone(comment) ? {} : { comment: text(comment) }),
    ...(allowed === undefined ? {} : { values: allowed }),
  }
}

/** A length or a scale is told by a text that names the schema of the type too, which may not need it. */
function exactName(name: string, type: string, types: TypeNames): string {
  const isPlain = !types.nameOf(Number(type)).includes('.')
  return toShortType(isPlain ? name.replace(/^("[^"]+"|\w+)\.(?=\D)/, '') : name)
}

function toForeignKey(
  [, kind, own, other, others]: Row,
  columnNames: ReadonlyMap<number, string>,
  { names, columns }: Pieces,
): ForeignKey[] {
  if (kind !== 'f') return []
  const table = names.get(text(other))
  if (table === undefined) return []
  const theirs = new Map((columns.get(text(other)) ?? []).map((row) => [Number(row[1]), row[2]]))
  return [
    {
      columns: numbers(own).map((number) => columnNames.get(number) ?? ''),
      table,
      references: numbers(others).map((number) => text(theirs.get(number))),
    },
  ]
}

const toIndex = ([, unique, columns]: Row, columnNames: ReadonlyMap<number, string>): Index => ({
  columns: numbers(columns).map((number) => columnNames.get(number) ?? '(expression)'),
  unique: unique === 't',
})

/** A domain over an enum allows what the enum does. */
function wordsOfTypes({ enums, userTypes }: TableRows): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>()
  for (const [type, word] of enums) {
    const known = words.get(text(type))
    if (known === undefined) words.set(text(type), [text(word)])
    else known.push(text(word))
  }
  for (const [oid, , , , writtenBase, parts] of userTypes) {
    const [base] = isNone(writtenBase) ? [] : numbers(parts)
    const allowed = words.get(String(base))
    if (allowed !== undefined) words.set(text(oid), allowed)
  }
  return words
}

/** Alone where the search path finds it, else behind its schema. */
const nameOf = ([oid, schema, name]: Row, visible: ReadonlySet<string>): string =>
  visible.has(text(oid)) ? text(name) : `${schema}.${name}`

const groupByFirst = (rows: readonly Row[]): Groups => groupBy(rows, ([first]) => text(first))

const numbers = (json: string | null | undefined): number[] =>
  isNone(json) ? [] : (JSON.parse(text(json)) as (number | string)[]).map(Number)

const isNone = (value: string | null | undefined): value is null | undefined =>
  value === null || value === undefined

const text = (value: string | null | undefined): string => value ?? ''
