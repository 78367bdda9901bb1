/** Changes to the file of tokens, by commands that may run at the same time. */
import { open, realpath, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../base/error.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { codeOf, openText } from './token-file.ts'
import { withoutToken, withToken } from './token-text.ts'
import type { Token } from './token.ts'

/** @throws AppError `invalid_input` where the name is taken */
export const addToken = (path: string, token: Token): Promise<void> =>
  change(path, (text) => withToken(text, token))

/** False where there is no token of that name. */
export async function removeToken(path: string, name: string): Promise<boolean> {
  let found = false
  await change(path, (text) => {
    const rest = withoutToken(text, name)
    found = rest !== undefined
    return rest
  })
  return found
}

/** Reads, changes and writes the file while no other process does; no text, no change. */
async function change(path: string, edit: (text: string) => string | undefined): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const unlock = await lock(`${target}.lock`)
  try {
    const after = edit(await readText(target))
    if (after !== undefined) await replaceFile(target, after)
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error)
  } finally {
    await unlock()
  }
}

/** Nothing, where there is no file yet. */
async function readText(path: string): Promise<string> {
  const file = await openText(path).catch((error: AppError) => {
    if (codeOf(error.cause) === 'ENOENT') return undefined
    throw error
  })
  try {
    return (await file?.readFile('utf8')) ?? ''
  } finally {
    await file?.close()
  }
}

const lockTries = 200
const lockEveryMs = 25

/**
 * The lock is a file that only one process can make. One that was left behind is not taken over:
 * two that find it at the same time could both believe that it is theirs.
 */
async function lock(path: string): Promise<() => Promise<void>> {
  for (let tries = 1; ; tries++) {
    try {
      await (await open(path, 'wx', 0o600)).close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw unwritable(path, error)
      if (tries === lockTries) throw locked(path)
      await pause(lockEveryMs)
    }
  }
}

const unwritable = (path: string, cause: unknown): AppError =>
  new AppError('config_invalid', `${path} cannot be written (${codeOf(cause)}).`, {
    hint: 'Mend the permissions of its folder, or run this as the account that owns the file.',
    cause,
  })

const locked = (path: string): AppError =>
  new AppError('config_invalid', `${path} says that another command changes the tokens.`, {
    hint: 'Wait for it; where none runs, remove that file.',
  })
