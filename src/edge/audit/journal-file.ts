import { statSync, writeSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { type Entry, type Link, seal, start } from './chain.ts'
import { toNoteEntry } from './entry.ts'
import { lockFile, type FileLock } from './file-lock.ts'
import { rotatedFiles } from './rotated-files.ts'
import { readTail } from './tail.ts'

export interface JournalFileOptions {
  readonly file: string
  readonly rotateBytes: number
  readonly keep: number
  readonly key: string | undefined
}

interface Opened {
  readonly handle: FileHandle
  readonly inode: number
  /** Bytes of whole lines. */
  size: number
}

/**
 * A file of chained lines that only this process writes, and those that were rotated out of it. What
 * goes wrong closes it; the next write opens it again and goes on where the chain stood.
 */
export class JournalFile {
  readonly #options: JournalFileOptions
  #lock: FileLock | undefined
  #opened: Opened | undefined
  /** Undefined before anything was read. */
  #link: Link | undefined
  /** Bytes of a write that failed halfway stand behind this place. */
  #sizeBeforeFailure: number | undefined
  #dirty = false
  #syncing: Promise<void> | undefined

  constructor(options: JournalFileOptions) {
    this.#options = options
  }

  async write(entries: readonly Entry[]): Promise<void> {
    try {
      const torn = await this.#reopen()
      const notes = torn === 0 ? [] : [toNoteEntry('torn', { bytes: torn })]
      const all = [...notes, ...entries]
      if (all.length > 0) await this.#append(all)
    } catch (error) {
      await this.#drop()
      throw error
    }
  }

  async sync(): Promise<void> {
    const opened = this.#opened
    if (!this.#dirty || opened === undefined) return
    this.#dirty = false
    const synced = opened.handle.datasync()
    this.#syncing = synced.catch(() => undefined)
    await synced
  }

  async close(): Promise<void> {
    await this.sync().catch(() => undefined)
    await this.#drop()
    await this.#lock?.release()
  }

  /** Gives the bytes of a line that was begun and not ended, and are gone now. */
  async #reopen(): Promise<number> {
    this.#lock ??= await lockFile(this.#options.file)
    if (this.#opened !== undefined && this.#isInPlace(this.#opened)) return 0
    await this.#drop()
    const handle = await open(this.#lock.path, 'a+', 0o600)
    try {
      await handle.chmod(0o600)
      const { size, ino: inode } = await handle.stat()
      const whole = await readTail(handle, Math.min(size, this.#sizeBeforeFailure ?? size))
      if (whole.end < size) await handle.truncate(whole.end)
      this.#link ??= whole.link ?? (await this.#lastRotated()) ?? start
      this.#opened = { handle, inode, size: whole.end }
      const torn = this.#sizeBeforeFailure === undefined ? size - whole.end : 0
      this.#sizeBeforeFailure = undefined
      return torn
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** False where the file was moved or deleted: what is written would not be found. */
  #isInPlace({ inode }: Opened): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === inode
  }

  async #lastRotated(): Promise<Link | undefined> {
    const last = (await rotatedFiles(this.#path)).at(-1)
    if (last === undefined) return undefined
    const handle = await open(last.path, 'r')
    try {
      return (await readTail(handle, (await handle.stat()).size)).link
    } finally {
      await handle.close()
    }
  }

  async #append(entries: readonly Entry[]): Promise<void> {
    let link = this.#link ?? start
    const lines = entries.map((entry) => {
      const sealed = seal(entry, link, this.#options.key)
      link = sealed.link
      return sealed.line
    })
    const bytes = Buffer.from(lines.join(''), 'latin1')
    const isFull = (this.#opened?.size ?? 0) + bytes.length > this.#options.rotateBytes
    if (isFull && (this.#opened?.size ?? 0) > 0) await this.#rotate()
    const opened = this.#opened
    if (opened === undefined) throw new Error('the file is closed')
    // While the disk is busy with the last lines, a write would hold up the whole process.
    await this.#syncing
    try {
      writeAll(opened.handle.fd, bytes)
    } catch (error) {
      this.#sizeBeforeFailure = opened.size
      throw error
    }
    this.#dirty = true
    opened.size += bytes.length
    this.#link = link
  }

  async #rotate(): Promise<void> {
    await this.sync()
    await this.#drop()
    const rotated = await rotatedFiles(this.#path)
    await rename(this.#path, `${this.#path}.${(rotated.at(-1)?.number ?? 0) + 1}`)
    await this.#reopen()
    const surplus = rotated.slice(0, Math.max(0, rotated.length + 1 - this.#options.keep))
    for (const { path } of surplus) await rm(path, { force: true })
  }

  async #drop(): Promise<void> {
    const handle = this.#opened?.handle
    this.#opened = undefined
    await handle?.close().catch(() => undefined)
  }

  get #path(): string {
    return this.#lock?.path ?? this.#options.file
  }
}

/** Into the memory of the system, which takes microseconds; a thread for it would take longer than the call. */
function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
}
