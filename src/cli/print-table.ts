import type { TableAnswer } from '../results/answer.ts'
import { counted } from '../base/counted.ts'
import { formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { toVisible } from '../base/visible.ts'

/** Rows as a table, and what is to be said of them beside it. */
export function printTable(answer: TableAnswer, terminal: Terminal): void {
  const { columns, types, rows, row_count: count, truncated, masked, hint } = answer
  const described = columns.map((name, index) => ({ name, type: types[index] ?? '' }))
  terminal.print(formatTable(described, rows, terminal))
  terminal.note(terminal.noteColors.dim(counted(count, 'row')))
  if (hint !== undefined) terminal.note(toVisible(hint))
  if (truncated !== false) terminal.note(truncated.hint)
  if (masked !== undefined) terminal.note(toVisible(`Masked: ${masked.join(', ')}`))
}
