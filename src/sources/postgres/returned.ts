import { AppError } from '../../base/error.ts'
import type { ChangeRun } from '../change.ts'
import { type Cell, RowCollector } from '../row-collector.ts'
import type { RowSet } from '../source.ts'
import { tooLarge } from '../writing.ts'
import { type Row, toTypeNames } from './type-names.ts'
import { readerOf } from './values.ts'
import type { Field } from './wire.ts'

type TypesOf = (oids: readonly number[]) => Promise<readonly Row[]>

/** Characters of all rows together. */
const mostCharacters = 8 * 1024 * 1024

/** The rows that a change gives back, and no more of them than may change. */
export class Returned {
  /** Rejects as soon as there are too many rows, or too long ones. */
  readonly tooMuch: Promise<never>
  readonly #run: ChangeRun
  readonly #rows: Row[] = []
  #characters = 0
  #refuse!: (error: AppError) => void

  constructor(run: ChangeRun) {
    this.#run = run
    this.tooMuch = new Promise((_resolve, reject) => (this.#refuse = reject))
    this.tooMuch.catch(() => undefined)
  }

  add(row: Row): void {
    this.#characters += row.reduce((sum, cell) => sum + (cell?.length ?? 0), 0)
    if (this.#rows.length >= this.#run.most) return this.#refuse(tooLarge(this.#run.most))
    if (this.#characters > mostCharacters) return this.#refuse(tooLong())
    this.#rows.push(row)
  }

  refuseMore(affected: number): void {
    if (affected > this.#run.most) throw tooLarge(this.#run.most)
  }

  async finish(fields: readonly Field[], typesOf: TypesOf): Promise<RowSet | undefined> {
    if (fields.length === 0) return undefined
    const types = toTypeNames(await typesOf(fields.map(({ dataTypeID }) => dataTypeID)))
    const collector = new RowCollector({
      limits: this.#run.limits,
      columns: fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        declared: types.nameOf(dataTypeID, dataTypeModifier),
      })),
    })
    for (const row of this.#rows) if (!collector.add(toCells(row, fields))) break
    return collector.finish([])
  }
}

const toCells = (row: Row, fields: readonly Field[]): Cell[] =>
  row.map((text, index) => (text === null ? null : readerOf(fields[index]?.dataTypeID ?? 0)(text)))

const tooLong = (): AppError =>
  new AppError('result_too_large', 'The rows that the change gives back are too long.', {
    hint: 'Nothing was changed.',
  })
