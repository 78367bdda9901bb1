import type { FileHandle } from 'node:fs/promises'
import { type Link, openLine } from './chain.ts'

/** More than the longest line. */
const mostTail = 512 * 1024
const newline = 0x0a

export interface Tail {
  /** Behind the last whole line. */
  readonly end: number
  /** Of that line; undefined where there is none. */
  readonly link: Link | undefined
}

/**
 * The last whole line of the first `size` bytes of a file.
 *
 * @throws where the file holds something else: nothing is to be written behind that.
 */
export async function readTail(handle: FileHandle, size: number): Promise<Tail> {
  const tail = Buffer.alloc(Math.min(size, mostTail))
  const from = size - tail.length
  const { bytesRead } = await handle.read(tail, 0, tail.length, from)
  const last = tail.subarray(0, bytesRead).lastIndexOf(newline)
  // The very first line may have been torn.
  if (last < 0 && from === 0 && isBegun(tail)) return { end: 0, link: undefined }
  const first = tail.subarray(0, Math.max(last, 0)).lastIndexOf(newline) + 1
  // Without the key it cannot be told whether the line is sound; that is for `audit verify`.
  const line = last < 0 ? undefined : openLine(tail.subarray(first, last), undefined)
  if (line === undefined) throw new Error('the file holds something that is no audit record')
  return { end: from + last + 1, link: line.link }
}

const isBegun = (tail: Buffer): boolean =>
  '{"ts":"'.startsWith(tail.subarray(0, 7).toString('latin1'))
