import { closeSync, openSync, readSync } from 'node:fs'

/** So many bytes of a file from there on; fewer where it ends before. */
export function readBytes(path: string, length: number, from = 0): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, from))
  } finally {
    closeSync(file)
  }
}
