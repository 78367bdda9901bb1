import { AppError, type ErrorCode, toAppError, toErrorAnswer } from '../base/error.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisibleLines } from '../base/visible.ts'

/** What a person wrote wrongly on the command line or in a file, rather than a question that failed. */
const usage: readonly ErrorCode[] = [
  'config_invalid',
  'client_config',
  'invalid_input',
  'unknown_source',
  'unknown_tool',
]

/** Says what went wrong and what to do; gives the exit code for it. */
export function printError(thrown: unknown, terminal: Terminal, json: boolean): number {
  const error = toAppError(thrown)
  if (json) terminal.print(JSON.stringify(toPersonsAnswer(error)))
  else terminal.note(toVisibleLines(toText(error)))
  if (error.code === 'internal') terminal.note(stackOf(thrown))
  return usage.includes(error.code) ? exitCode.usage : exitCode.failed
}

/** As a model is told, with what only a person may know. */
function toPersonsAnswer(error: AppError): object {
  const { error: told } = toErrorAnswer(error)
  return { error: error.detail === undefined ? told : { ...told, detail: error.detail } }
}

/** A person is told the path, and then needs no advice to ask for it. */
const toText = ({ code, message, hint, detail }: AppError): string =>
  `${code}: ${detail ?? `${message}\n  ${hint}`}`

function stackOf(thrown: unknown): string {
  const shown = thrown instanceof AppError ? (thrown.cause ?? thrown) : thrown
  return shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)
}
