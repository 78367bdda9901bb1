import { ask } from './ask.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisibleLines } from './visible.ts'

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
  const input = {
    ...(table === undefined ? {} : { table_name: table }),
    ...(search === undefined ? {} : { search }),
  }
  const answer = await ask(target, { tool: 'get_schema', input, source })
  terminal.print(json ? JSON.stringify(answer) : toVisibleLines(toText(answer)))
  return exitCode.done
}

function toText({ schema: text, matches, notes }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(matches)) return matches.length === 0 ? 'Nothing matches.' : matches.join('\n')
  if (text === '') return 'There are no tables.'
  return [text, notes].filter((part) => typeof part === 'string').join('\n\n')
}
