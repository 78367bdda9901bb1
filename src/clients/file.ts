/** A client's configuration on disk: read, and written so that nothing can be lost. */
import { constants, copyFile, mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AppError } from '../base/error.ts'
import { replaceFile } from '../base/replace-file.ts'

/** Beside the oldest, which is the file as it was before Vitrine. */
const backupsKept = 5

/** What the file holds; empty where there is none. */
export async function readConfiguration(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw unreadable(path, error)
  }
}

export interface Change {
  readonly path: string
  /** What was read. */
  readonly before: string
  readonly after: string
  readonly now: Date
}

/**
 * Writes the new text beside the file and moves it into place, after a copy of the old one was
 * kept. Gives the path of that copy, or undefined where there was no file.
 * @throws AppError `client_config` where the file changed since it was read
 */
export async function writeConfiguration({
  path,
  before,
  after,
  now,
}: Change): Promise<string | undefined> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const target = await targetOf(path)
    if ((await readConfiguration(target)) !== before) throw changed(path)
    const backup = before === '' ? undefined : await keepBackup(target, now)
    await replaceFile(target, after)
    return backup
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error)
  }
}

/** A link stays a link: what it leads to is written. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => path)

async function keepBackup(target: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')
  const backup = await copyToNew(target, stamp)
  const stamps = (await readdir(dirname(target)))
    .flatMap((name) => stampOf(name, basename(target)) ?? [])
    .toSorted()
  for (const old of stamps.slice(1, -backupsKept)) await rm(`${target}.${old}.bak`)
  return backup
}

/** Never over a file that is there: it may be the only copy of what was lost. */
async function copyToNew(target: string, stamp: string): Promise<string> {
  for (let count = 0; ; count++) {
    const suffix = count === 0 ? '' : `-${String(count).padStart(3, '0')}`
    const backup = `${target}.${stamp}${suffix}.bak`
    try {
      await copyFile(target, backup, constants.COPYFILE_EXCL)
      return backup
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || count === mostInOneMoment)
        throw error
    }
  }
}

const mostInOneMoment = 999

/** The stamp of a backup that this program made; a person's own `.bak` has none. */
function stampOf(name: string, file: string): string | undefined {
  if (!name.startsWith(`${file}.`)) return undefined
  return /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d{3}){1,2})\.bak$/.exec(
    name.slice(file.length + 1),
  )?.[1]
}

const changed = (path: string): AppError =>
  new AppError(
    'client_config',
    `${path} was changed by another program meanwhile; nothing was written.`,
    {
      hint: 'Run the command again.',
    },
  )

const unreadable = (path: string, cause: unknown): AppError =>
  new AppError('client_config', `${path} cannot be read (${codeOf(cause)}).`, {
    hint: 'Mend its permissions.',
    cause,
  })

const unwritable = (path: string, cause: unknown): AppError =>
  new AppError('client_config', `${path} cannot be written (${codeOf(cause)}).`, {
    hint: 'Mend its permissions, or use --print and write the entry by hand.',
    cause,
  })

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown'
