import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { appendFile, mkdir, stat, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../base/error.ts'
import { readBytes } from '../base/read-bytes.ts'
import type { Bus, BusEars } from './bus.ts'
import { type Drop, parseDrop, toText } from './drop.ts'

/** Milliseconds between two looks at the file. */
const lookEveryMs = 1000
/** A longer file is begun anew. */
const mostBytes = 64 * 1024

/**
 * Orders as lines of a file that the processes of one machine share; each looks every second whether it
 * has grown. A file that was begun anew, or holds what is no order, means that some may have been missed.
 */
export class FileBus implements Bus {
  readonly #path: string
  readonly #self = randomUUID()
  readonly #note: (text: string) => void
  readonly #ears: BusEars | undefined
  readonly #looking: NodeJS.Timeout | undefined
  #readUpTo: number
  #isMute = false

  /** `note` hears once where nothing can be written. */
  constructor(
    { path, note }: { readonly path: string; readonly note: (text: string) => void },
    ears?: BusEars,
  ) {
    this.#path = path
    this.#note = note
    this.#ears = ears
    this.#readUpTo = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (ears !== undefined)
      this.#looking = setInterval(() => void this.#look(), lookEveryMs).unref()
  }

  async publish(drop: Drop): Promise<undefined> {
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
      const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
      if (size > mostBytes) await truncate(this.#path)
      // One write at the end: lines of several processes do not mix.
      await appendFile(this.#path, `${toText(this.#self, drop)}\n`, { mode: 0o600 })
      this.#isMute = false
    } catch (cause) {
      const error = cannotTell(this.#path, cause)
      if (!this.#isMute) this.#note(error.detail ?? error.message)
      this.#isMute = true
      throw error
    }
  }

  close(): void {
    clearInterval(this.#looking)
  }

  async #look(): Promise<void> {
    const now = await stat(this.#path).catch(() => undefined)
    this.#read(now?.size ?? 0)
  }

  #read(size: number): void {
    const from = this.#readUpTo
    this.#readUpTo = size
    if (size === from) return
    if (size < from) return this.#ears?.onGap()
    const drops = linesOf(this.#path, from, size).map(parseDrop)
    for (const drop of drops) {
      if (drop === undefined) return this.#ears?.onGap()
      const { from: sender, ...order } = drop
      if (sender !== this.#self) this.#ears?.onDrop(order)
    }
  }
}

/** A file that is gone, or longer than it may be, holds one line that says nothing. */
function linesOf(path: string, from: number, to: number): string[] {
  if (to - from > mostBytes * 2) return ['']
  try {
    return readBytes(path, to - from, from)
      .toString()
      .trimEnd()
      .split('\n')
  } catch {
    return ['']
  }
}

const cannotTell = (path: string, cause: unknown): AppError =>
  new AppError('source_unavailable', 'The other processes of this machine cannot be told.', {
    hint: 'Tell the person who runs the server: its state folder cannot be written.',
    detail: `${path} cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    cause,
  })
