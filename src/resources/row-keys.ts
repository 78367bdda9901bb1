import { prefixed } from '../base/prefixed.ts'
import type { Column, Table } from '../sources/catalog.ts'
import type { Binding, ParameterType } from '../guard/bind.ts'
import { askQuickly, textsOf } from '../tools/query/ask-quickly.ts'
import { quoteName, quoteTable } from '../tools/quote-name.ts'
import type { ServedSource } from '../tools/served-source.ts'
import type { CallContext } from '../tools/tool.ts'

const integerPattern = /^(?:0|-?[1-9]\d{0,18})$/

/** Of 64 bits. */
const largest = 2n ** 63n - 1n

const isWhole = (text: string): boolean =>
  integerPattern.test(text) && -largest <= BigInt(text) && BigInt(text) <= largest

/** Decimals as keys are whole numbers too. */
const integerTypes =
  /\bu?(?:tiny|small|medium|big|huge)?int(?:eger|\d)?\b|serial|^(?:numeric|decimal|number)\b/i

const isInteger = ({ type }: Column): boolean => integerTypes.test(type)

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * What a part of a URI says, as the value of a column. Undefined where it can be none: engines that take
 * `7x` for 7 would give one row many names.
 */
export function toKeyValue(text: string, column: Column): Binding | undefined {
  const type = typeOf(text, column)
  if (type === 'integer' && !isWhole(text)) return undefined
  if (type === 'uuid' && !uuidPattern.test(text)) return undefined
  return { type, isList: false, value: text }
}

function typeOf(text: string, column: Column): ParameterType {
  if (isInteger(column)) return 'integer'
  if (column.type === 'uuid') return 'uuid'
  if (column.type === 'date') return 'date'
  // SQLite lets a type be left out, and calls that of a view's column blob: a value is what it looks like.
  const isAny = column.type === '' || column.type === 'blob'
  return isAny && isWhole(text) ? 'integer' : 'text'
}

interface KeyColumn {
  readonly served: ServedSource
  readonly table: Table
  readonly column: Column
}

/** Most values looked at. */
const mostLooked = 500
/** How many digits more than typed a key may have. */
const mostDigits = 6

/** Keys that begin as what was typed; none where that takes the engine long. */
export async function likelyKeys(
  { served, table, column }: KeyColumn,
  typed: string,
  context: CallContext,
): Promise<readonly string[]> {
  const { capabilities } = served.source
  const name = quoteName(column.name, capabilities)
  const where = isInteger(column) && isWhole(typed) ? `WHERE ${inRanges(name, typed)}` : ''
  const text = `SELECT DISTINCT ${name} AS value FROM ${quoteTable(table, capabilities)} ${where} ORDER BY 1 LIMIT ${mostLooked}`
  return prefixed(textsOf(await askQuickly(served, text, context)), typed)
}

/** All numbers that begin with those digits: 12, 120 to 129, 1200 to 1299. */
function inRanges(name: string, typed: string): string {
  const first = BigInt(typed)
  const ranges = Array.from({ length: mostDigits }, (_, digits) => {
    const scale = 10n ** BigInt(digits)
    const near = first * scale
    const far = first < 0n ? near - scale + 1n : near + scale - 1n
    return near < far ? [near, far] : [far, near]
  })
  return ranges
    .filter(([least = 0n, most = 0n]) => -largest <= least && most <= largest)
    .map(([least, most]) => `${name} BETWEEN ${least} AND ${most}`)
    .join(' OR ')
}
