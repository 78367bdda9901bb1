import { foldCase } from '../../base/fold-case.ts'
import type { Advice } from '../../sources/advice.ts'
import type { Catalog, Column, Table } from '../../sources/catalog.ts'
import type { Capabilities } from '../../sources/source.ts'
import { namesIn, toPattern } from '../named-in.ts'
import { Names } from '../quote-name.ts'
import type { StatementParts } from '../query/statement-parts.ts'

/** A statement that failed, and what a hint for it may be made of. */
export interface Failure {
  readonly message: string
  /** The name it is about; empty where it is about none. */
  readonly subject: string
  readonly text: string
  readonly parts: StatementParts
  /** As a model may see it. */
  readonly catalog: Catalog
  readonly advice: Advice
  readonly capabilities: Capabilities
}

/** Most names a hint lists. */
const mostNames = 25

/** Names in a hint. */
export class HintNames extends Names {
  constructor({ capabilities }: Pick<Failure, 'capabilities'>) {
    super(capabilities)
  }

  tables(tables: readonly Table[]): string {
    return list(tables.map((table) => this.table(table)))
  }

  columns(columns: readonly Column[]): string {
    return list(columns.map(({ name }) => this.name(name)))
  }

  openTables({ tables }: Catalog): string {
    return tables.length === 0
      ? 'There are no open tables.'
      : `Open tables: ${this.tables(tables)}.`
  }

  /** What each of the tables has. */
  columnsOf(tables: readonly Table[]): string {
    return tables
      .map((table) => `${this.table(table)} has ${this.columns(table.columns)}.`)
      .join(' ')
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown
}

/** Tables that the statement names. */
export function namedTables({ catalog, parts }: Failure): Table[] {
  const isNamed = namesIn(parts.code)
  return catalog.tables.filter(({ name, path }) => isNamed(path?.at(-1) ?? name))
}

export const tableNamed = (wanted: string, { tables }: Catalog): Table | undefined =>
  tables.find(({ name }) => foldCase(name) === foldCase(wanted))

export const hasColumn = ({ columns }: Table, column: string): boolean =>
  columns.some(({ name }) => foldCase(name) === foldCase(column))

/** True where the name stands before a dot only: nothing in the statement introduces it. */
export function isUndeclared(name: string, { code }: StatementParts): boolean {
  const word = toPattern(name)
  const uses = [
    ...code.matchAll(
      new RegExp(`(?<![\\p{L}\\p{N}_.])${word}(?![\\p{L}\\p{N}_])["\`\\]]?(\\s*\\.)?`, 'giu'),
    ),
  ]
  return uses.length > 0 && uses.every(([, dot]) => dot !== undefined)
}

export const join = (...sentences: readonly (string | undefined)[]): string | undefined =>
  sentences.filter((sentence) => sentence !== undefined && sentence !== '').join(' ') || undefined
