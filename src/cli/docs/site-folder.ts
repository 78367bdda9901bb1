/** A folder that holds a site and nothing else: no file is overwritten that was not written here. */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../base/error.ts'
import { replaceFile } from '../../base/replace-file.ts'

/** Names of the files that were written, by which they are known again. */
const manifestName = 'vitrine-docs.json'

/** Path below the folder, with slashes → text. */
export type SiteFiles = ReadonlyMap<string, string>

/**
 * Writes the files, and takes away those of an earlier site that are none of this one.
 *
 * @throws AppError `invalid_input` where the folder holds anything else
 */
export async function writeSite(folder: string, files: SiteFiles): Promise<void> {
  const before = await readManifest(folder)
  if (before === undefined) await mustBeEmpty(folder)
  const known = new Set(before)
  for (const path of files.keys()) await mustBeOwn(folder, path, known)
  try {
    await write(folder, files, known)
  } catch (error) {
    throw unwritable(folder, error)
  }
}

async function write(folder: string, files: SiteFiles, known: ReadonlySet<string>): Promise<void> {
  await makeFolder(folder)
  // Whatever happens from here on, the next run knows its own again.
  await writeManifest(folder, [...new Set([...known, ...files.keys()])])
  for (const [path, text] of files) {
    await makeFolder(dirname(join(folder, path)))
    await writeAnew(join(folder, path), text)
  }
  for (const path of known) if (!files.has(path)) await rm(join(folder, path), { force: true })
  await writeManifest(folder, [...files.keys()])
}

/** The one that it lies in has to be there: a slip in its name makes no tree of folders. */
const makeFolder = (path: string): Promise<unknown> =>
  mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })

/** A site is there to be served: others than its owner may read it, as the system is set up. */
async function writeAnew(path: string, text: string): Promise<void> {
  const isThere = await exists(path)
  await (isThere ? replaceFile(path, text) : writeFile(path, text, { flag: 'wx' }))
}

const writeManifest = (folder: string, files: readonly string[]): Promise<void> =>
  writeAnew(
    join(folder, manifestName),
    `${JSON.stringify({ about: 'Files that vitrine docs wrote here, and may overwrite.', files }, undefined, 2)}\n`,
  )

/** Nothing of it can lead out of the folder. */
const pathPattern = /^(?:tools\/)?[a-z0-9_.-]+\.(?:html|md)$/

async function readManifest(folder: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const { files } = JSON.parse(text) as { files?: unknown }
    if (Array.isArray(files) && files.every((one) => pathPattern.test(String(one))))
      return files as string[]
  } catch {
    // Told below.
  }
  throw notOurs(folder, `its ${manifestName} is none that was written here`)
}

async function mustBeEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw notOurs(
      folder,
      error.code === 'ENOTDIR' ? 'it is no folder' : `it cannot be read (${error.code})`,
    )
  })
  if (found.length > 0) throw notOurs(folder, 'it holds other files')
}

/** A file of the site, or nothing; and no link stands where it is written, or on the way there. */
async function mustBeOwn(folder: string, path: string, known: ReadonlySet<string>): Promise<void> {
  const steps = path.split('/')
  for (const [index] of steps.entries()) {
    const part = steps.slice(0, index + 1).join('/')
    const found = await lstat(join(folder, part)).catch(() => undefined)
    if (found === undefined) return
    const isLast = index === steps.length - 1
    if (isLast ? !found.isFile() || !known.has(path) : !found.isDirectory())
      throw notOurs(folder, `${part} was not written by this command`)
  }
}

const exists = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined)) !== undefined

const notOurs = (folder: string, why: string): AppError =>
  new AppError('invalid_input', `Nothing was written into ${folder}: ${why}.`, {
    hint: 'Name a folder that is empty or not there yet, or one that this command wrote: --out ./site',
  })

const unwritable = (folder: string, cause: unknown): AppError => {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException
  return new AppError('invalid_input', `${folder} cannot be written (${code}).`, {
    hint: 'Name a folder that whoever runs this may write, and run it again.',
    cause,
  })
}
