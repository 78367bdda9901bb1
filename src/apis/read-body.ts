import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { tooLarge, unreadable } from './failure.ts'

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
}

/**
 * The body, unpacked, of at most so many bytes: counted as they come out, so a small packed body
 * that stands for a huge one ends as soon as that much of it is there.
 *
 * @throws AppError `result_too_large`, `query_failed`
 */
export async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  if (Number(response.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes)
  const chunks: Buffer[] = []
  let bytes = 0
  const collect = async (stream: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of stream) {
      bytes += chunk.length
      if (bytes > mostBytes) return
      chunks.push(chunk)
    }
  }
  const decoder = decoderOf(response.headers['content-encoding'])
  try {
    await (decoder === undefined
      ? pipeline(response, collect)
      : pipeline(response, decoder, collect))
  } catch (error) {
    // Who stops reading hears of a stream that ended too soon.
    if (bytes <= mostBytes) throw isOfZlib(error) ? unreadable('it is packed wrongly') : error
  }
  if (bytes > mostBytes) throw tooLarge(mostBytes)
  return Buffer.concat(chunks)
}

function decoderOf(encoding = 'identity'): Duplex | undefined {
  const name = encoding.trim().toLowerCase()
  if (name === 'identity' || name === '') return undefined
  const create = Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (create === undefined) throw unreadable('it is packed in a way that was not asked for')
  return create()
}

/** Z_DATA_ERROR and its like; those of Brotli begin with ERR__. */
const isOfZlib = (error: unknown): boolean =>
  /^(?:Z_|ERR__|ERR_BROTLI)/.test((error as NodeJS.ErrnoException).code ?? '')
