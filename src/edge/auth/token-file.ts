import { type BigIntStats, constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../../base/error.ts'
import { parseTokens } from './token-text.ts'
import type { Token } from './token.ts'

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
  const file = await openText(path)
  try {
    const found = await file.stat({ bigint: true })
    const current = stampOf(found)
    if (current === stamp) return undefined
    const mode = process.platform === 'win32' ? 0 : Number(found.mode)
    if ((mode & 0o022) !== 0) throw writable(path)
    const tokens = parseTokens(await file.readFile('utf8'))
    return { tokens, stamp: current, isShared: isShared(mode, Number(found.uid)) }
  } finally {
    await file.close()
  }
}

/** By its group alone a server reads what another owns, as it does a Secret that Kubernetes mounts. */
const isShared = (mode: number, owner: number): boolean =>
  (mode & 0o004) !== 0 || ((mode & 0o040) !== 0 && owner === process.getuid?.())

/** @throws AppError `config_invalid`, whose cause has the code of the system where there is no file */
export async function openText(path: string): ReturnType<typeof open> {
  const file = await open(path, readOnly).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const found = await file.stat()
  if (found.isFile() && found.size <= mostBytes) return file
  await file.close()
  throw wrong(path, found.isFile() ? 'is larger than 1 MiB' : 'is not a regular file')
}

/** A pipe is opened at once too, and then seen to be none of ours; Windows has no such flag. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * A file that was written just now gets a stamp that no later look gives it: it may be written once
 * more within the same tick of the clock.
 */
const stampOf = ({ ino, size, mode, mtimeMs, mtimeNs, ctimeNs }: BigIntStats): string => {
  const settled = Math.abs(Date.now() - Number(mtimeMs)) > settledMs
  return [ino, size, mode, mtimeNs, ctimeNs, settled ? 'settled' : Date.now()].join(' ')
}

const settledMs = 2000

export const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown'

const wrong = (path: string, what: string): AppError =>
  new AppError('config_invalid', `${path} ${what}.`, { hint: 'Name a file of tokens.' })

const unreadable = (path: string, cause: unknown): AppError =>
  codeOf(cause) === 'ENOENT'
    ? new AppError('config_invalid', `There is no file ${path}.`, {
        hint: 'Make a first token: vitrine token create.',
        cause,
      })
    : new AppError('config_invalid', `${path} cannot be read (${codeOf(cause)}).`, {
        hint: 'Mend its permissions.',
        cause,
      })

const writable = (path: string): AppError =>
  new AppError('config_invalid', `${path} can be written by others than its owner.`, {
    hint: `Whoever writes it lets anybody in: chmod go-w ${path}`,
  })
