import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Entry } from './chain.ts'
import { toNoteEntry } from './entry.ts'
import { JournalFile, type JournalFileOptions } from './journal-file.ts'

export interface JournalOptions extends JournalFileOptions {
  readonly note: (text: string) => void
}

interface Waiting {
  /** Undefined where it is only asked whether the file can be written. */
  readonly entry: Entry | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Lines that may wait for a slow disk. */
const mostWaiting = 2000
const writeMs = 5000
/** Lines are with the operating system when a call is answered, and on the disk this much later. */
const syncMs = 1000

/**
 * Writes entries in the order they came, as many at once as came during the last write. What could not
 * be written is counted, and the count stands before the next line that can.
 */
export class Journal {
  readonly #file: JournalFile
  readonly #note: (text: string) => void
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #missing = 0
  #usable = false
  #closed = false
  readonly #sync: NodeJS.Timeout

  constructor(options: JournalOptions) {
    this.#file = new JournalFile(options)
    this.#note = options.note
    this.#sync = setInterval(() => void this.#syncFile(), syncMs).unref()
  }

  /** @throws where nothing could be written now. */
  async ready(): Promise<void> {
    if (!this.#usable) await this.#push(undefined)
  }

  append(entry: Entry): Promise<void> {
    return this.#push(entry)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#sync)
    await this.#flushing
    await this.#file.close()
  }

  async #syncFile(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      this.#note(`The audit record may not be on the disk: ${reason(error)}`)
    }
  }

  #push(entry: Entry | undefined): Promise<void> {
    if (this.#closed) return Promise.reject(closed())
    if (this.#waiting.length >= mostWaiting) {
      this.#missing += 1
      return Promise.reject(tooSlow())
    }
    const written = new Promise<void>((resolve, reject) =>
      this.#waiting.push({ entry, resolve, reject }),
    )
    this.#flushing ??= this.#flush()
    return within(written, writeMs, tooSlow)
  }

  async #flush(): Promise<void> {
    // Whatever else comes in this turn of the event loop goes along.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      await this.#write(batch)
    }
    this.#flushing = undefined
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const missing = this.#missing
    const gap = missing === 0 ? [] : [toNoteEntry('gap', { missing })]
    const entries = batch.flatMap(({ entry }) => (entry === undefined ? [] : [entry]))
    try {
      await this.#file.write([...gap, ...entries])
      this.#missing -= missing
      if (missing > 0) this.#note(`The audit record is written again; ${missing} are missing.`)
      this.#usable = this.#missing === 0
      for (const { resolve } of batch) resolve()
    } catch (error) {
      if (this.#missing === 0) this.#note(`The audit record cannot be written: ${reason(error)}`)
      this.#missing += batch.length
      this.#usable = false
      for (const { reject } of batch) reject(error)
    }
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const tooSlow = (): AppError => new AppError('audit_failed', 'The audit record is too slow.')

const closed = (): AppError => new AppError('audit_failed', 'The audit record is closed.')
