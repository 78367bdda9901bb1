import type { Catalog, Column, Table } from '../sources/catalog.ts'

/** Characters of an overview: about 3,000 tokens, what a whole schema may cost in one answer. */
const overviewCharacters = 10_000

/**
 * Every table on a line, in the most telling of four forms that fits the budget: about five tokens
 * a column in the fullest, `orders(id integer pk, customer_id integer->customers.id) ~16000 rows`.
 */
export function toOverview({ tables }: Catalog): string {
  for (const toLine of [withTypes, withColumns, withCounts, justName]) {
    const text = tables.map(toLine).join('\n')
    if (text.length <= overviewCharacters) return text
  }
  return cutLines(tables.map(justName))
}

const withTypes = (table: Table): string =>
  `${table.name}(${table.columns.map((column) => describeColumn(column, table)).join(', ')})${suffix(table)}`

const withColumns = (table: Table): string =>
  `${table.name}(${table.columns.map(({ name }) => name).join(', ')})${suffix(table)}`

const withCounts = (table: Table): string =>
  `${table.name}: ${table.columns.length} columns${suffix(table)}`

const justName = ({ name }: Table): string => name

function suffix({ kind, estimatedRows }: Table): string {
  if (kind === 'view') return ' view'
  if (kind === 'virtual') return ' virtual'
  return estimatedRows === null ? '' : ` ~${estimatedRows} rows`
}

function cutLines(lines: readonly string[]): string {
  let room = overviewCharacters
  const shown = lines.filter((line) => (room -= line.length + 1) > 0)
  return `${shown.join('\n')}\n… and ${lines.length - shown.length} more: use search`
}

/** `customer_id integer->customers.id`, as short as it can be and still exact. */
export function describeColumn(column: Column, table: Table): string {
  const type = column.type === '' ? '' : ` ${column.type}`
  const key = column.keyPosition > 0 ? ' pk' : ''
  const masked = column.masked === true ? ' masked' : ''
  return `${column.name}${type}${key}${referenceOf(column, table)}${masked}`
}

function referenceOf({ name }: Column, { foreignKeys }: Table): string {
  const key = foreignKeys.find(({ columns }) => columns.includes(name))
  if (key === undefined) return ''
  const other = key.references[key.columns.indexOf(name)]
  return `->${key.table}${other === undefined ? '' : `.${other}`}`
}
