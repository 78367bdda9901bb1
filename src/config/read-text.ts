import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../base/error.ts'

/**
 * A text file of at most `limit` bytes. Nothing but a regular file is opened: reading a pipe or a
 * device would wait for ever.
 *
 * @throws AppError that does not name the path, which may come from a variable.
 */
export async function readText(path: string, limit: number): Promise<string> {
  const file = await stat(path).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  if (!file.isFile()) throw wrong(file.isDirectory() ? 'a folder' : 'not a regular file')
  if (file.size > limit) throw wrong(`larger than the ${limit / 1024} KiB it may have`)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wrong('not UTF-8 text; save it as UTF-8')
  }
}

const wrong = (what: string): AppError => problem(`this file is ${what}.`)

function unreadable(cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return problem('there is no such file.')
  }
  return problem(`this file cannot be read (${code}).`)
}

const problem = (message: string): AppError => new AppError('config_invalid', message, { hint: '' })
