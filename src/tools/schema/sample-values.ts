import { groupBy } from '../../base/group-by.ts'
import { toJson } from '../../results/answer.ts'
import type { Column, Table } from '../../sources/catalog.ts'
import type { RowSet, Value } from '../../sources/source.ts'
import { askQuickly, type Counted, mayReadWhole, valuesOf } from '../query/ask-quickly.ts'
import { dateExamples } from './date-examples.ts'
import {
  mostValues,
  type Question,
  rowsSeen,
  toDistinct,
  toFirst,
  toFrequent,
} from './sample-text.ts'
import type { ServedSource } from '../served-source.ts'
import type { CallContext } from '../tool.ts'

/** What is known of a column's values. */
export interface Sample {
  /** All of them, or those that were seen; empty where they are no choice of words. */
  readonly values: readonly Value[]
  /** False where others may be in rows that were not read. */
  readonly isWhole: boolean
  /** How dates are written there, where they are in texts. */
  readonly examples: readonly string[]
}

/** By column name. */
export type Samples = ReadonlyMap<string, Sample>

/** Columns looked at. */
const mostColumns = 30
/** Longer texts are prose, not a choice of words. */
const longestText = 40

/**
 * The values of columns that have few of them (a status, a country), so that a model filters by words
 * that exist. A value must come back often: a column where every row differs names things or people.
 */
export async function sampleValues(
  served: ServedSource,
  table: Table,
  context: CallContext,
): Promise<Samples> {
  if (table.kind !== 'table') return new Map()
  const asked = table.columns.filter(isWorthAsking).slice(0, mostColumns)
  const samples = new Map<string, Sample>()
  for (const columns of byType(asked)) {
    const sampling = new Sampling(served, { table, columns }, context)
    for (const [name, sample] of await sampling.run()) samples.set(name, sample)
  }
  return samples
}

/** Numbers with a meaning of their own (keys, amounts, dates) are no choice of words. */
const isWorthAsking = ({ type, keyPosition, masked, values }: Column): boolean =>
  keyPosition === 0 &&
  masked !== true &&
  values === undefined &&
  /^$|char|text|clob|enum|bool|string/i.test(type)

/** Columns of one type can stand in one statement, whatever the engine. */
const byType = (columns: readonly Column[]): Column[][] => [
  ...groupBy(columns, ({ type }) => type).values(),
]

interface Sampled {
  readonly table: Table
  readonly columns: readonly Column[]
}

type Columns = readonly Column[]

/** Looks at a part of the rows first, and then only at what that leaves open. */
class Sampling {
  readonly #served: ServedSource
  readonly #sampled: Sampled
  readonly #context: CallContext
  readonly #samples = new Map<string, Sample>()

  constructor(served: ServedSource, sampled: Sampled, context: CallContext) {
    this.#served = served
    this.#sampled = sampled
    this.#context = context
  }

  async run(): Promise<Samples> {
    const { table, columns } = this.#sampled
    const dates = await this.#seeFrequent(columns)
    if (mayReadWhole(table)) await this.#seeWhole(columns.filter((one) => this.#isOpen(one)))
    await this.#seeDates(dates)
    return this.#samples
  }

  /** Gives the columns that hold dates. */
  async #seeFrequent(columns: Columns): Promise<Columns> {
    const { estimatedRows } = this.#sampled.table
    const isLarge = estimatedRows === null || estimatedRows > rowsSeen
    const rows = await this.#ask(columns, (question) => toFrequent(question, isLarge))
    return columns.filter(({ name }, index) => {
      const counted = valuesOf(rows, index)
      const values = counted.map(({ value }) => value)
      const seen = counted.reduce((sum, { times }) => sum + times, 0)
      if (!isChoice(counted)) return dateExamples(values).length > 0
      this.#samples.set(name, { values, isWhole: !isLarge && seen < rowsSeen, examples: [] })
      return false
    })
  }

  #isOpen({ name }: Column): boolean {
    return this.#samples.get(name)?.isWhole === false
  }

  async #seeWhole(columns: Columns): Promise<void> {
    const rows = await this.#ask(columns, toDistinct)
    if (rows.length === 0) return
    for (const [index, { name }] of columns.entries()) {
      const all = valuesOf(rows, index).map(({ value }) => value)
      const known = this.#samples.get(name)?.values ?? []
      if (areWords(all))
        this.#samples.set(name, { values: inOrder(known, all), isWhole: true, examples: [] })
      else this.#samples.delete(name)
    }
  }

  async #seeDates(columns: Columns): Promise<void> {
    const rows = await this.#ask(columns, toFirst)
    for (const [index, { name }] of columns.entries()) {
      const examples = dateExamples(valuesOf(rows, index).map(({ value }) => value))
      if (examples.length > 0) this.#samples.set(name, { values: [], isWhole: false, examples })
    }
  }

  async #ask(columns: Columns, toText: (question: Question) => string): Promise<RowSet['rows']> {
    if (columns.length === 0) return []
    const { capabilities } = this.#served.source
    const text = toText({ table: this.#sampled.table, columns, capabilities })
    return askQuickly(this.#served, text, this.#context)
  }
}

function isChoice(counted: readonly Counted[]): boolean {
  const seen = counted.reduce((sum, { times }) => sum + times, 0)
  return areWords(counted.map(({ value }) => value)) && seen >= counted.length * 3
}

const areWords = (values: readonly Value[]): boolean =>
  values.length <= mostValues &&
  values.some((value) => value !== null) &&
  values.every((value) => JSON.stringify(toJson(value)).length <= longestText)

/** The frequent ones first. */
const inOrder = (known: readonly Value[], all: readonly Value[]): Value[] => [
  ...known.filter((value) => all.includes(value)),
  ...all.filter((value) => !known.includes(value)),
]
