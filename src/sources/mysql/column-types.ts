import type { CollectedColumn } from '../row-collector.ts'

/** What the protocol says of a result's column (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html). */
export interface Field {
  readonly name: string
  readonly columnType: number
  readonly flags: number
  readonly characterSet: number
  readonly extendedTypeName?: string | undefined
  readonly extendedFormat?: string | undefined
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
export const fieldType = {
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  bigint: 8,
  mediumint: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  newDate: 14,
  bit: 16,
  vector: 242,
  json: 245,
  decimal: 246,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const

const plainNames: Readonly<Record<number, string>> = {
  0: 'decimal',
  [fieldType.tiny]: 'tinyint',
  [fieldType.short]: 'smallint',
  [fieldType.long]: 'int',
  [fieldType.float]: 'float',
  [fieldType.double]: 'double',
  [fieldType.null]: 'null',
  [fieldType.timestamp]: 'timestamp',
  [fieldType.bigint]: 'bigint',
  [fieldType.mediumint]: 'mediumint',
  [fieldType.date]: 'date',
  [fieldType.time]: 'time',
  [fieldType.datetime]: 'datetime',
  [fieldType.year]: 'year',
  [fieldType.newDate]: 'date',
  [fieldType.bit]: 'bit',
  [fieldType.vector]: 'vector',
  [fieldType.json]: 'json',
  [fieldType.decimal]: 'decimal',
  [fieldType.geometry]: 'geometry',
}

const flag = { unsigned: 32, enum: 256, set: 2048 } as const
const binaryCharset = 63

const isBinary = ({ characterSet }: Field): boolean => characterSet === binaryCharset

const signedKinds = new Set<number>([0, 1, 2, 3, 4, 5, 8, 9, fieldType.decimal])

/** As the collector of rows takes them. */
export const toColumns = (fields: readonly Field[]): CollectedColumn[] =>
  fields.map((field) => ({ name: field.name, declared: toTypeName(field) }))

/** The type as people write it, without its length. */
function toTypeName(field: Field): string {
  const { columnType, flags, extendedTypeName, extendedFormat } = field
  const special = extendedTypeName ?? extendedFormat
  if (special !== undefined) return special
  const plain = plainNames[columnType]
  if (plain !== undefined) {
    return (flags & flag.unsigned) !== 0 && signedKinds.has(columnType)
      ? `${plain} unsigned`
      : plain
  }
  if ((flags & flag.enum) !== 0) return 'enum'
  if ((flags & flag.set) !== 0) return 'set'
  if (columnType === fieldType.string) return isBinary(field) ? 'binary' : 'char'
  if (columnType === fieldType.varString || columnType === 15) {
    return isBinary(field) ? 'varbinary' : 'varchar'
  }
  return isBinary(field) ? 'blob' : 'text'
}
