import type { TableAnswer } from '../results/answer.ts'
import { ask, type Question } from './ask.ts'
import { formatTable } from './table.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisible } from './visible.ts'

export interface QueryOptions {
  readonly target: string
  readonly statement: string
  readonly source?: string
  readonly limit: string
  readonly json?: boolean
}

/** One statement as a model would run it, printed as a table. */
export async function query(options: QueryOptions, terminal: Terminal): Promise<number> {
  const { target, statement, source, limit, json = false } = options
  const input = { query: statement, limit }
  const question: Question = { tool: 'query_database', input, source }
  const answer = (await ask(target, question)) as unknown as TableAnswer
  if (json) terminal.print(JSON.stringify(answer))
  else printTable(answer, terminal)
  return exitCode.done
}

function printTable(answer: TableAnswer, terminal: Terminal): void {
  const { columns, types, rows, row_count: count, truncated, masked, hint } = answer
  const described = columns.map((name, index) => ({ name, type: types[index] ?? '' }))
  terminal.print(formatTable(described, rows, { width: terminal.width, colors: terminal.colors }))
  terminal.note(terminal.noteColors.dim(`${count} ${count === 1 ? 'row' : 'rows'}`))
  if (hint !== undefined) terminal.note(toVisible(hint))
  if (truncated !== false) terminal.note(truncated.hint)
  if (masked !== undefined) terminal.note(toVisible(`Masked: ${masked.join(', ')}`))
}
