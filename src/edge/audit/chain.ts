/** Lines that are chained by their hashes: none can be changed, put in or taken out without a trace. */
import { createHash, createHmac } from 'node:crypto'

/** How far a chain has come. */
export interface Link {
  readonly seq: number
  /** Of the last line. */
  readonly hash: string
}

/** What is written down, in the order it is written. */
export type Entry = Readonly<Record<string, string | number | boolean | undefined>>

/** Before the first line of all. */
export const start: Link = { seq: 0, hash: '0'.repeat(64) }

export interface Sealed {
  readonly line: string
  readonly link: Link
}

/**
 * The next line of a chain. Its hash covers every byte before `,"hash"`: the entry, its number, and
 * the hash of the line before. It is an HMAC where there is a key.
 */
export function seal(entry: Entry, { seq, hash: prev }: Link, key: string | undefined): Sealed {
  const numbered = { ts: entry['ts'], seq: seq + 1, ...entry, prev }
  const body = toAscii(JSON.stringify(numbered)).slice(0, -1)
  const hash = digest(body, key)
  return { line: `${body},"hash":"${hash}"}\n`, link: { seq: seq + 1, hash } }
}

export interface OpenedLine {
  readonly link: Link
  readonly prev: string
  readonly ts: string
  readonly entry: Entry
  /** False where the hash is not that of the line: the line or its hash was changed, or the key is another. */
  readonly sound: boolean
}

const linePattern =
  /^(\{"ts":"[^"]+","seq":\d+,.*"prev":"[0-9a-f]{64}"),"hash":"([0-9a-f]{64})"\}$/s

/** A line without its end; undefined where it is no line of a chain. */
export function openLine(line: Buffer, key: string | undefined): OpenedLine | undefined {
  const text = line.toString('latin1')
  const [, body = '', hash = ''] = linePattern.exec(text) ?? []
  const entry = parse(body)
  if (entry === undefined) return undefined
  const { seq, prev, ts } = entry
  return {
    link: { seq: Number(seq), hash },
    prev: String(prev),
    ts: String(ts),
    entry,
    sound: digest(line.subarray(0, body.length), key) === hash,
  }
}

function parse(body: string): Entry | undefined {
  try {
    return body === '' ? undefined : (JSON.parse(`${body}}`) as Entry)
  } catch {
    return undefined
  }
}

export const digest = (text: string | Buffer, key: string | undefined): string =>
  (key === undefined ? createHash('sha256') : createHmac('sha256', key)).update(text).digest('hex')

/** No name that came from outside ends a line, hides a part of it or turns it round. */
const toAscii = (json: string): string =>
  json.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
