/** Walks a chain of lines from its first to its last, in any number of files and in little memory. */
import { createReadStream } from 'node:fs'
import { type Link, type OpenedLine, openLine, start } from './chain.ts'
import { readLines } from './read-lines.ts'

export interface VerifyOptions {
  /** The files of one chain, the oldest first. */
  readonly files: readonly string[]
  readonly key: string | undefined
  /** The hash of a line that must be there, kept elsewhere: shows what was cut off at the end. */
  readonly anchor?: string | undefined
  /** Told the bytes that were read since the last time. */
  readonly onRead?: (bytes: number) => void
}

interface VerifiedFile {
  readonly file: string
  readonly lines: number
  /** Times of the first and the last line; undefined where there is none. */
  readonly from: string | undefined
  readonly to: string | undefined
}

interface Break {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly why: string
}

export interface Verified {
  readonly files: readonly VerifiedFile[]
  readonly lines: number
  /** Where the first and the last line stand in the chain. */
  readonly first: number | undefined
  readonly last: Link | undefined
  /** Decisions that the record itself says are missing. */
  readonly missing: number
  /** Undefined where the chain is whole. */
  readonly broken: Break | undefined
}

export async function verify(options: VerifyOptions): Promise<Verified> {
  const walk = new Walk(options)
  for (const file of options.files) {
    if (walk.broken === undefined) await walk.enter(file)
  }
  return walk.end()
}

class Walk {
  broken: Break | undefined
  readonly #options: VerifyOptions
  readonly #files: VerifiedFile[] = []
  #last: Link | undefined
  #first: number | undefined
  #lines = 0
  #missing = 0
  #isAnchored: boolean

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#isAnchored = options.anchor === undefined
  }

  async enter(file: string): Promise<void> {
    let lines = 0
    let from: string | undefined
    let to: string | undefined
    const stream = createReadStream(file)
    stream.on('data', (chunk) => this.#options.onRead?.(chunk.length))
    for await (const { bytes, isWhole } of readLines(stream)) {
      const opened = isWhole ? openLine(bytes, this.#options.key) : undefined
      const why = isWhole ? this.#judge(opened) : torn
      lines += 1
      if (why !== undefined) this.broken = { file, line: lines, why }
      if (why !== undefined || opened === undefined) break
      this.#step(opened)
      from ??= opened.ts
      to = opened.ts
    }
    this.#lines += lines
    this.#files.push({ file, lines, from, to })
  }

  end(): Verified {
    const last = this.#files.at(-1)
    if (this.broken === undefined && !this.#isAnchored && last !== undefined) {
      this.broken = { file: last.file, line: last.lines, why: unanchored }
    }
    return {
      files: this.#files,
      lines: this.#lines,
      first: this.#first,
      last: this.#last,
      missing: this.#missing,
      broken: this.broken,
    }
  }

  #judge(opened: OpenedLine | undefined): string | undefined {
    if (opened === undefined) return 'changed: this is no line of the record'
    const { link, prev, sound } = opened
    if (!sound) return changed(this.#lines === 0 && this.#last === undefined)
    // The first file may follow one that is not kept any more.
    const before = this.#last ?? (link.seq === 1 ? start : { seq: link.seq - 1, hash: prev })
    if (link.seq > before.seq + 1) return removed(link.seq - before.seq - 1)
    if (link.seq <= before.seq)
      return `inserted: line ${link.seq} of the chain comes after ${before.seq}`
    return prev === before.hash ? undefined : replaced
  }

  #step({ link, entry }: OpenedLine): void {
    this.#last = link
    this.#first ??= link.seq
    this.#isAnchored ||= link.hash === this.#options.anchor
    if (entry['event'] === 'gap') this.#missing += Number(entry['missing'])
  }
}

const torn = 'torn: the line has no end'

const unanchored = 'cut: the line of the anchor is not there'

const changed = (isFirst: boolean): string =>
  `changed: the hash is not that of the line${isFirst ? ', or the key is another' : ''}`

const removed = (count: number): string =>
  `removed: ${count} ${count === 1 ? 'line is' : 'lines are'} missing before it`

const replaced = 'replaced: the line before it is not the one that it followed'
