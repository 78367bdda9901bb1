import type { Column, Table } from '../../sources/catalog.ts'
import { askQuickly, mayReadWhole, valuesOf } from '../query/ask-quickly.ts'
import { toAlike } from './sample-text.ts'
import type { ServedSource } from '../served-source.ts'
import type { CallContext } from '../tool.ts'

/** Columns and literals looked at. */
const mostColumns = 6
const mostLiterals = 6
const longestLiteral = 100

interface Wanted {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly literals: readonly string[]
}

/**
 * For columns of many values: those that are a literal but for capitals or blanks around it. A column
 * that holds a literal as it stands is not why there are no rows.
 */
export async function valuesLike(
  served: ServedSource,
  { table, columns, literals }: Wanted,
  context: CallContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const asked = columns.filter(isText).slice(0, mostColumns)
  const words = literals
    .map((literal) => literal.trim())
    .filter(isWord)
    .slice(0, mostLiterals)
  if (asked.length === 0 || words.length === 0 || !mayReadWhole(table)) return new Map()
  const { capabilities } = served.source
  const rows = await askQuickly(
    served,
    toAlike({ table, columns: asked, capabilities }, words),
    context,
  )
  return new Map(
    asked.flatMap(({ name }, index) => {
      const values = valuesOf(rows, index)
        .map(({ value }) => value)
        .filter((value) => typeof value === 'string')
      const isHeld = values.some((value) => literals.includes(value))
      return values.length === 0 || isHeld ? [] : [[name, values] as const]
    }),
  )
}

const isText = ({ type, masked, values }: Column): boolean =>
  masked !== true && values === undefined && /^$|char|text|clob|string/i.test(type)

/** A pattern of LIKE is no word, and what a backslash means differs between engines. */
const isWord = (literal: string): boolean =>
  literal !== '' && literal.length <= longestLiteral && !/[%\\]/.test(literal)
