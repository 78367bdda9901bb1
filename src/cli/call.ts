import { AppError } from '../base/error.ts'
import { isObject } from '../base/is-object.ts'
import type { TableAnswer } from '../results/answer.ts'
import type { InputSchema } from '../tools/tool.ts'
import { ask } from './ask.ts'
import { confirmer } from './confirm.ts'
import { printTable } from './print-table.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toArguments } from './tool-arguments.ts'

export interface CallOptions {
  readonly target: string
  readonly tool: string
  /** As on the command line: `--name value`. */
  readonly values: readonly string[]
  /** All arguments as one JSON object instead. */
  readonly jsonArgs?: string
  readonly json?: boolean
  /** Confirms without asking. */
  readonly yes?: boolean
}

/** One tool as a model would call it; rows are printed as a table. */
export async function call(options: CallOptions, terminal: Terminal): Promise<number> {
  const { target, tool, values, jsonArgs, json = false, yes = false } = options
  if (jsonArgs !== undefined && values.length > 0) throw twice()
  const input = (schema: InputSchema): object =>
    jsonArgs === undefined ? toArguments(values, schema) : parse(jsonArgs)
  const answer = await ask(target, { tool, input, confirm: confirmer(terminal, yes) })
  if (!json && Array.isArray(answer['rows'])) printTable(answer as unknown as TableAnswer, terminal)
  else terminal.print(JSON.stringify(answer, undefined, json ? 0 : 2))
  return exitCode.done
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Told below.
  }
  throw new AppError('invalid_input', '--json-args takes a JSON object.', {
    hint: `For example --json-args '{"customer_id": 7}'.`,
  })
}

const twice = (): AppError =>
  new AppError('invalid_input', 'Arguments come one by one or as --json-args, not as both.', {
    hint: 'Leave one of them out.',
  })
