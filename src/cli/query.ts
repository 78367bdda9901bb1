import type { TableAnswer } from '../results/answer.ts'
import { ask } from './ask.ts'
import { printTable } from './print-table.ts'
import { exitCode, type Terminal } from './terminal.ts'

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
  const input = () => ({ query: statement, limit, source })
  const answer = (await ask(target, { tool: 'query_database', input })) as unknown as TableAnswer
  if (json) terminal.print(JSON.stringify(answer))
  else printTable(answer, terminal)
  return exitCode.done
}
