import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isInside } from './find-files.ts'

/**
 * Opens a regular file of a folder, and nothing that lies elsewhere, also where names are changed while
 * that is done: what counts is where the file is that was opened. A pipe or a device is never waited for.
 *
 * @returns undefined where there is no such file.
 */
export async function openInside(folder: string, path: string): Promise<FileHandle | undefined> {
  try {
    const home = await realpath(folder)
    const real = await realpath(join(home, path))
    // Opening a device may do something already.
    if (!isInside(home, real) || !(await lstat(real)).isFile()) return undefined
    const file = await open(real, flags)
    if (await isStillInside(file, { home, real })) return file
    await file.close()
    return undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Windows has none of the last three. */
const flags =
  constants.O_RDONLY |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NOCTTY ?? 0)

async function isStillInside(
  file: FileHandle,
  { home, real }: { readonly home: string; readonly real: string },
): Promise<boolean> {
  const opened = await file.stat({ bigint: true })
  if (!opened.isFile()) return false
  const place = await placeOf(file)
  if (place !== undefined) return isInside(home, place)
  // Where the system does not say where an open file is, its path must still lead to it.
  const again = await realpath(real)
  const { dev, ino } = await stat(again, { bigint: true })
  return isInside(home, again) && dev === opened.dev && ino === opened.ino
}

/** Linux says where an open file is (proc_pid_fd(5)); one that was deleted meanwhile is nowhere. */
const placeOf = (file: FileHandle): Promise<string | undefined> =>
  readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined)

/** What is not there, not to be read, or turned into something else meanwhile. */
const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENXIO', 'EISDIR', 'ENAMETOOLONG'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
