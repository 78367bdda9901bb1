import type { Change, Changed, ChangeRun } from '../change.ts'
import { RowCollector } from '../row-collector.ts'
import { tooLarge } from '../writing.ts'
import { toColumns } from './column-types.ts'
import type { Connection, Execution } from './connection.ts'
import { type RawCell, toCell } from './values.ts'

/** What the server says of a statement without rows. */
interface Header {
  readonly affectedRows: number
}

/** One change in an open transaction, until its rows end or are more than may change. */
export async function runChange(
  connection: Connection,
  { text, parameters }: Change,
  { limits, most }: ChangeRun,
): Promise<Changed> {
  const prepared = await connection.prepare(text)
  const execution = prepared.execute(connection.toBound(parameters))
  const changed = await read(execution, { limits, most, connection })
  if (changed.affected > most) throw tooLarge(most)
  return changed
}

/** MariaDB gives rows for RETURNING, one for each that changes; rows that match count, also unchanged ones. */
function read(
  execution: Execution,
  { limits, most, connection }: Pick<ChangeRun, 'limits' | 'most'> & { connection: Connection },
): Promise<Changed> {
  return new Promise((resolve, reject) => {
    let collector: RowCollector | undefined
    let convert: ReturnType<typeof toCell>[] = []
    let affected = 0
    execution.on('fields', (fields) => {
      if (fields === undefined) return
      convert = fields.map(toCell)
      collector = new RowCollector({ columns: toColumns(fields), limits })
    })
    execution.on('result', (row: readonly RawCell[] | Header) => {
      if (!isRow(row)) affected = row.affectedRows
      else if (++affected > most) reject(tooLarge(most))
      else collector?.add(row.map((cell, index) => convert[index]?.(cell) ?? null))
    })
    execution.on('error', reject)
    execution.on('end', () => resolve({ affected, returned: collector?.finish([]) }))
    connection.watch({ onLost: reject, onBytes: () => undefined })
  })
}

const isRow = (row: readonly RawCell[] | Header): row is readonly RawCell[] => Array.isArray(row)
