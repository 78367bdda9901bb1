import { Writable } from 'node:stream'

/**
 * Keeps stdout for the protocol: gives the only way left to write there. Whatever else is printed,
 * by us or by a library, goes to stderr from here on.
 */
export function takeStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, encoding, done) => void write(chunk, encoding, done),
  })
}
