import { constants } from 'node:fs'
import { open, realpath, rm } from 'node:fs/promises'
import { AppError } from '../../base/error.ts'
import { replaceFile } from '../../base/replace-file.ts'
import type { Token } from './token.ts'
import { parseTokens, withoutToken, withToken } from './token-text.ts'

/** A thousand tokens or more. */
const mostBytes = 1024 * 1024

/** What a look at the file found. */
export interface TokenFile {
  readonly tokens: readonly Token[]
  /** Changes whenever the file does. */
  readonly stamp: string
  /** Others than its owner may read it. */
  readonly isShared: boolean
}

/**
 * Reads the file, unless it is the one that was stamped so.
 *
 * @throws AppError `config_invalid` where it cannot be read, is broken, or others may write it
 */
export async function readTokenFile(path: string, stamp?: string): Promise<TokenFile | undefined> {
  const file = await open(path, readOnly).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    const found = await file.stat({ bigint: true })
    const current = stampOf(found)
    if (current === stamp) return undefined
    if (!found.isFile()) throw wrong(path, 'is not a regular file')
    if (found.size > mostBytes) throw wrong(path, 'is larger than 1 MiB')
    const mode = process.platform === 'win32' ? 0 : Number(found.mode)
    if ((mode & 0o022) !== 0) throw writable(path)
    const tokens = parseTokens(await file.readFile('utf8'))
    return { tokens, stamp: current, isShared: (mode & 0o044) !== 0 }
  } finally {
    await file.close()
  }
}

/** A pipe is opened at once too, and then seen to be none of ours; Windows has no such flag. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

interface Stats {
  readonly ino: bigint
  readonly size: bigint
  readonly mode: bigint
  readonly mtimeMs: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

/**
 * A file that was written just now gets a stamp that no later look gives it: it may be written once
 * more within the same tick of the clock.
 */
const stampOf = ({ ino, size, mode, mtimeMs, mtimeNs, ctimeNs }: Stats): string => {
  const settled = Math.abs(Date.now() - Number(mtimeMs)) > settledMs
  return [ino, size, mode, mtimeNs, ctimeNs, settled ? 'settled' : Date.now()].join(' ')
}

const settledMs = 2000

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
    const after = edit(await readAll(target))
    if (after !== undefined) await replaceFile(target, after)
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error)
  } finally {
    await unlock()
  }
}

async function readAll(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw unreadable(path, cause)
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
      await new Promise((resolve) => setTimeout(resolve, lockEveryMs))
    }
  }
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown'

const wrong = (path: string, what: string): AppError =>
  new AppError('config_invalid', `${path} ${what}.`, { hint: 'Name a file of tokens.' })

const unreadable = (path: string, cause: unknown): AppError =>
  codeOf(cause) === 'ENOENT'
    ? new AppError('config_invalid', `There is no file ${path}.`, {
        hint: 'Make a first token: vitrine token create.',
      })
    : new AppError('config_invalid', `${path} cannot be read (${codeOf(cause)}).`, {
        hint: 'Mend its permissions.',
        cause,
      })

const writable = (path: string): AppError =>
  new AppError('config_invalid', `${path} can be written by others than its owner.`, {
    hint: `Whoever writes it lets anybody in: chmod go-w ${path}`,
  })

const unwritable = (path: string, cause: unknown): AppError =>
  new AppError('config_invalid', `${path} cannot be written (${codeOf(cause)}).`, {
    hint: 'Mend the permissions of its folder, or run this as the account that owns the file.',
    cause,
  })

const locked = (path: string): AppError =>
  new AppError('config_invalid', `${path} says that another command changes the tokens.`, {
    hint: 'Wait for it; where none runs, remove that file.',
  })
