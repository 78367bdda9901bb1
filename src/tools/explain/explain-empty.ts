import type { Column, Table } from '../../sources/catalog.ts'
import type { Value } from '../../sources/source.ts'
import { valuesLike } from '../schema/alike-values.ts'
import { namesIn, toPattern } from '../named-in.ts'
import { type Sample, type Samples, sampleValues } from '../schema/sample-values.ts'
import { toLiteral } from '../literal.ts'
import { Names } from '../quote-name.ts'
import type { ServedSource } from '../served-source.ts'
import { shownCatalog } from '../schema/shown-catalog.ts'
import { partsOf, type StatementParts } from '../query/statement-parts.ts'
import type { CallContext } from '../tool.ts'

/** Tables looked into. */
const mostTables = 3

/**
 * Why there may be no rows: columns that the statement compares with words they do not hold, and the
 * words they do. Undefined where nothing of the kind is found.
 */
export async function explainEmpty(
  served: ServedSource,
  text: string,
  context: CallContext,
): Promise<string | undefined> {
  const parts = partsOf(text)
  if (parts.literals.length === 0) return undefined
  const catalog = await shownCatalog(served, context.signal)
  const isNamed = namesIn(parts.code)
  const named = catalog.tables.filter(({ name }) => isNamed(name)).slice(0, mostTables)
  const hints: string[] = []
  for (const table of named) {
    const columns = comparedColumns(table, parts.code)
    const compared = { ...table, columns: [...keysOf(table), ...columns] }
    hints.push(...(await explainTable(served, { table: compared, columns, parts }, context)))
  }
  return hints.join(' ') || undefined
}

/** Columns beside an operator; where none is, all that the statement names. */
function comparedColumns({ columns }: Table, code: string): Column[] {
  const isNamed = namesIn(code)
  const named = columns.filter(({ name }) => isNamed(name))
  const compared = named.filter(({ name }) => {
    const word = toPattern(name)
    return new RegExp(`${word}["\`\\]]?[\\s)]*${operator}|'[\\s(]*=[\\s(\\w."]*${word}`, 'iu').test(
      code,
    )
  })
  return compared.length > 0 ? compared : named
}

const operator = String.raw`(?:[=<>!]|(?:not\s+)?(?:in|i?like|r?like|glob|similar|between|is)\b)`

/** Where to look besides the beginning of a table is told by its key. */
const keysOf = ({ columns }: Table): Column[] =>
  columns.filter(({ keyPosition }) => keyPosition > 0).map((key) => ({ ...key, values: [] }))

interface Compared {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly parts: StatementParts
}

async function explainTable(
  served: ServedSource,
  { table, columns, parts: { literals } }: Compared,
  context: CallContext,
): Promise<string[]> {
  const names = new Names(served.source.capabilities)
  const samples = await sampleValues(served, table, context)
  const told = columns.flatMap((column) => {
    const sample = sampleOf(column, samples)
    return sample === undefined ? [] : [{ column, hint: toHint(sample, literals) }]
  })
  const others = columns.filter((column) => !told.some((one) => one.column === column))
  const alike = await valuesLike(served, { table, columns: others, literals }, context)
  return [
    ...told.flatMap(({ column, hint }) =>
      hint === undefined ? [] : [[column.name, hint] as const],
    ),
    ...[...alike].map(([name, values]) => [name, `holds ${toList(values)}`] as const),
  ].map(([name, hint]) => `${names.column(table, name)} ${hint}.`)
}

/** The words that a column's type allows, or what is known of those it holds. */
function sampleOf({ name, values, masked }: Column, samples: Samples): Sample | undefined {
  if (masked === true) return undefined
  if (values !== undefined && values.length > 0) return { values, isWhole: true, examples: [] }
  const sample = samples.get(name)
  const words = sample?.values.filter((value) => typeof value === 'string') ?? []
  if (sample === undefined || words.length + sample.examples.length === 0) return undefined
  return { ...sample, values: words }
}

/** Undefined where the statement asks for what is there. */
function toHint(
  { values, isWhole, examples }: Sample,
  literals: readonly string[],
): string | undefined {
  if (examples.length > 0) {
    const isWrittenSo = literals.some((literal) => examples.some((one) => isShaped(literal, one)))
    return isWrittenSo ? undefined : `holds dates such as ${toList(examples)}`
  }
  if (values.some((value) => literals.some((literal) => literal === value))) return undefined
  return `holds ${toList(values)}${isWhole ? '' : ', among others'}`
}

/** Whether a literal, or what stands before its `%`, is written as the date or its beginning is. */
function isShaped(literal: string, date: string): boolean {
  const [start = ''] = literal.replaceAll(/\d/g, '9').split('%')
  return start !== '' && date.replaceAll(/\d/g, '9').startsWith(start)
}

const toList = (values: readonly Value[]): string => values.map(toLiteral).join(', ')
