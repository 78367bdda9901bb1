import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'

/** Both of them: what asks is seen, and what answers is a hand and no file. */
export const personIsThere = (): boolean => isatty(0) && isatty(2)

/** One line; undefined where none comes: at Ctrl-D, at Ctrl-C, which everybody hears of, and with the signal. */
export async function readLine(
  question: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new AbortController()
  // The library leaves a question open whose input ends.
  lines.once('close', () => ended.abort())
  lines.once('SIGINT', () => {
    ended.abort()
    process.emit('SIGINT')
  })
  const ends = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])
  try {
    return await lines.question(question, { signal: ends })
  } catch {
    return undefined
  } finally {
    lines.close()
  }
}
