import { quoteName } from '../quote.ts'
import {
  type ColumnReading,
  dateForms,
  decimalNumber,
  showsDecimals,
  typeForms,
  wholeNumber,
} from './value-forms.ts'

/** Runs one query of ours and gives its rows as numbers. */
export type Count = (sql: string) => Promise<readonly (readonly number[])[]>

export interface Columns {
  readonly names: readonly string[]
  /** The first rows, in SQL that stands after FROM; every value is text. */
  readonly first: string
  /** All rows, or as many as there is time for. */
  readonly all: string
  /** A point before three digits divides decimals: where the comma divides fields, it does nothing else. */
  readonly pointIsDecimal: boolean
}

export interface ColumnTypes {
  readonly readings: readonly ColumnReading[]
  /** Of all that was looked at. */
  readonly rows: number
}

const asText: ColumnReading = { type: 'VARCHAR' }
const forms = [...typeForms, ...dateForms]

/**
 * What columns of text hold: the first rows suggest it, and all rows confirm it. A query turns columns into
 * rows and has its expressions once: with a dozen for each of a hundred columns it took half a gigabyte.
 */
export async function columnTypes(columns: Columns, count: Count): Promise<ColumnTypes> {
  const suggested = await suggest(columns, count)
  const { confirmed, rows } = await confirm(columns, suggested, count)
  const doubtful = columns.names.filter((_, place) =>
    isDoubtful(suggested[place], confirmed[place], columns),
  )
  const decimals = await findDecimals(doubtful, columns, count)
  const readings = columns.names.map((name, place) => {
    if (!doubtful.includes(name)) return confirmed[place] ?? asText
    return decimals.has(name) ? decimalNumber.reading : asText
  })
  return { readings, rows }
}

async function suggest({ names, first }: Columns, count: Count): Promise<ColumnReading[]> {
  const fitting = forms.map(({ fits }) => `count(*) FILTER (${fits})`)
  const counts = await count(
    `SELECT place, count(value), ${fitting.join(', ')} FROM (${cells(names, first)}) GROUP BY place`,
  )
  return names.map((_, place) => toReading(counts.find(([of]) => of === place) ?? []))
}

/** Each value as a row: the place of its column, and what else is known of that. */
function cells(names: readonly string[], from: string, more = ''): string {
  const values = names.map(quoteName).join(', ')
  return `SELECT unnest([${values}]) AS value, unnest(range(${names.length})) AS place${more} FROM ${from}`
}

function toReading([, values = 0, ...fitting]: readonly number[]): ColumnReading {
  if (values === 0) return asText
  const fitted = forms.filter((_, index) => fitting[index] === values)
  const type = typeForms.find((form) => fitted.includes(form))
  if (type !== undefined) return type.reading
  return fitted.length === 1 && fitted[0] !== undefined ? fitted[0].reading : asText
}

/** What is suggested where all values fit it, else text; and how many rows there are. */
async function confirm(
  { names, all }: Columns,
  suggested: readonly ColumnReading[],
  count: Count,
): Promise<{ confirmed: readonly ColumnReading[]; rows: number }> {
  const chosen = suggested.map((one) => forms.findIndex(({ reading }) => reading === one))
  const fits = forms.map((form, index) => `WHEN ${index} THEN ${form.fits}`).join(' ')
  const counts = await count(
    `SELECT place, count(*), count(value), count(*) FILTER (CASE form ${fits} ELSE false END)
     FROM (${cells(names, all, `, unnest([${chosen.join(', ')}]) AS form`)}) GROUP BY place`,
  )
  const confirmed = suggested.map((reading, place) => {
    const [, , values, fitting] = counts.find(([of]) => of === place) ?? []
    return values === fitting ? reading : asText
  })
  return { confirmed, rows: counts[0]?.[1] ?? 0 }
}

/** Not whole numbers after all, or numbers with a point that may divide thousands. */
function isDoubtful(
  suggested: ColumnReading | undefined,
  confirmed: ColumnReading | undefined,
  { pointIsDecimal }: Columns,
): boolean {
  if (suggested === wholeNumber.reading) return confirmed !== suggested
  return confirmed === decimalNumber.reading && !pointIsDecimal
}

/** The columns that hold numbers with decimals, and show that they do. */
async function findDecimals(
  names: readonly string[],
  { all, pointIsDecimal }: Columns,
  count: Count,
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const counts = await count(
    `SELECT place, count(value), count(*) FILTER (${decimalNumber.fits}), count(*) FILTER (${showsDecimals})
     FROM (${cells(names, all)}) GROUP BY place`,
  )
  return new Set(
    counts
      .filter(
        ([, values, fitting, clear = 0]) => values === fitting && (pointIsDecimal || clear > 0),
      )
      .map(([place = 0]) => names[place] ?? ''),
  )
}
