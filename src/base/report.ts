import { AppError, type ErrorCode } from './error.ts'

/** Lines a minute: what clients do wrong must not fill a disk. */
const mostPerMinute = 60

/** Whose hints say that the log tells more. */
const told: readonly ErrorCode[] = ['internal', 'tool_failed']

export type Report = (error: unknown) => void

/**
 * Faults of ours and of tools of one's own, with what lies under them, go to stderr; what a caller did
 * wrong is answered, not logged.
 */
export function createReport(): Report {
  let minute = 0
  let lines = 0
  return (error) => {
    if (error instanceof AppError && !told.includes(error.code)) return
    const now = Math.floor(performance.now() / 60_000)
    if (now !== minute) [minute, lines] = [now, 0]
    lines += 1
    if (lines > mostPerMinute) return
    const shown = error instanceof AppError ? (error.cause ?? error) : error
    const text = shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)
    note(text)
  }
}

/** For whoever runs the server: an entry of the log, on stderr. */
export const note = (text: string): void =>
  void process.stderr.write(`vitrine: ${toOneEntry(text)}\n`)

/** No text from outside that an error quotes begins a line of its own, or is obeyed by a terminal. */
const toOneEntry = (text: string): string =>
  text.replaceAll(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD').replaceAll('\n', '\n  ')
