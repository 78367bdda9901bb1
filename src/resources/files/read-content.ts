import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../../base/error.ts'
import type { Content } from '../provider.ts'
import { isText, mediaTypeOf } from './media-types.ts'

/**
 * What an open file holds, up to so many bytes: its size is what was read, for what is told of it
 * beforehand may be wrong.
 *
 * @throws AppError `result_too_large`
 */
export async function readContent(
  file: FileHandle,
  { path, mostBytes }: { readonly path: string; readonly mostBytes: number },
): Promise<Content> {
  const bytes = await readUpTo(file, mostBytes + 1)
  if (bytes.length > mostBytes) throw tooLarge((await file.stat()).size, mostBytes)
  return toContent(bytes, mediaTypeOf(path))
}

async function readUpTo(file: FileHandle, most: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let left = most; left > 0;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(left, partBytes)))
    if (bytesRead === 0) break
    parts.push(buffer.subarray(0, bytesRead))
    left -= bytesRead
  }
  return Buffer.concat(parts)
}

const partBytes = 64 * 1024

/** A file that is called after no kind is text where it can be. */
function toContent(bytes: Buffer, named: string | undefined): Content {
  const text = named === undefined || isText(named) ? toText(bytes) : undefined
  if (text !== undefined) return { mimeType: named ?? 'text/plain', text }
  return { mimeType: named ?? 'application/octet-stream', blob: bytes.toString('base64') }
}

function toText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return isShort(bytes) || Buffer.byteLength(JSON.stringify(text)) <= mostAsJson
      ? text
      : undefined
  } catch {
    return undefined
  }
}

/** Bytes of a text as JSON: clients over stdio take no message above 10 MiB. In base64 the largest file has 7 MB. */
const mostAsJson = 8_000_000

/** A character that controls takes six bytes as JSON. */
const isShort = (bytes: Buffer): boolean => bytes.length * 6 <= mostAsJson

const tooLarge = (size: number, most: number): AppError =>
  new AppError(
    'result_too_large',
    `The file has ${size} bytes; ${most} is the most that is given.`,
    {
      hint: 'Ask whoever runs the server to raise its size in the config, or to divide the file.',
    },
  )
