/** A client's configuration on disk: read, and written so that nothing can be lost. */
import { randomUUID } from 'node:crypto'
import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../base/error.ts'

const backupsKept = 5

/** What the file holds; empty where there is none. */
export async function readConfiguration(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw unusable(path, error)
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
    await replace(target, after)
    return backup
  } catch (error) {
    throw error instanceof AppError ? error : unusable(path, error)
  }
}

/** A link stays a link: what it leads to is written. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => path)

async function keepBackup(target: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-')
  const backup = `${target}.${stamp}.bak`
  await copyFile(target, backup)
  const prefix = `${basename(target)}.`
  const backups = (await readdir(dirname(target)))
    .filter((name) => name.startsWith(prefix) && name.endsWith('.bak'))
    .toSorted()
  for (const old of backups.slice(0, -backupsKept)) await rm(join(dirname(target), old))
  return backup
}

async function replace(target: string, text: string): Promise<void> {
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  )
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`)
  try {
    await writeFile(draft, text, { mode, flag: 'wx' })
    await rename(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
}

const changed = (path: string): AppError =>
  new AppError(
    'client_config',
    `${path} was changed by another program meanwhile; nothing was written.`,
    {
      hint: 'Run the command again.',
    },
  )

const unusable = (path: string, cause: unknown): AppError =>
  new AppError(
    'client_config',
    `${path} cannot be read or written (${(cause as NodeJS.ErrnoException).code}).`,
    {
      hint: 'Mend its permissions, or use --print and write the entry by hand.',
      cause,
    },
  )
