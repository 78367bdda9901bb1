import { AppError } from '../base/error.ts'
import { ask } from './ask.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisibleLines } from '../base/visible.ts'
import { wrapLines } from './wrap.ts'

export interface SchemaOptions {
  readonly target: string
  readonly table: string | undefined
  readonly source?: string
  readonly search?: string
  readonly json?: boolean
}

/** What a model is told of tables and columns. */
export async function schema(options: SchemaOptions, terminal: Terminal): Promise<number> {
  const { target, table, source, search, json = false } = options
  if (table !== undefined && search !== undefined) throw twoQuestions()
  const input = () => ({ table_name: table, search, source })
  const answer = await ask(target, { tool: 'get_schema', input })
  terminal.print(
    json ? JSON.stringify(answer) : wrapLines(toVisibleLines(toText(answer)), terminal.width),
  )
  return exitCode.done
}

const twoQuestions = (): AppError =>
  new AppError('invalid_input', 'A table and --search are two questions.', {
    hint: 'Name the table for all about it, or search for words in all names.',
  })

function toText({ schema: text, matches, hint, notes }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(matches))
    return [...(matches as unknown[]), ...(hint === undefined ? [] : [hint])].join('\n')
  return [text, notes].filter((part) => typeof part === 'string').join('\n\n')
}
