import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes the text beside the file and moves it into place: whoever reads sees the old text or the
 * new one, whole. Mode and owner stay; a new file is for its owner alone.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => undefined)
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      if (before !== undefined) await dressAs(before, file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

type File = Awaited<ReturnType<typeof open>>

/** A file that another account is to read must not become unreadable to it: better fail. */
async function dressAs(
  before: { readonly mode: number; readonly uid: number; readonly gid: number },
  file: File,
): Promise<void> {
  const now = await file.stat()
  if (now.uid !== before.uid || now.gid !== before.gid) await file.chown(before.uid, before.gid)
  await file.chmod(before.mode & 0o777)
}
