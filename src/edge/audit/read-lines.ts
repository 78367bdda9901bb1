export interface RawLine {
  /** Without its end. */
  readonly bytes: Buffer
  /** False for what stands behind the last end of a line, or is longer than any line of ours. */
  readonly isWhole: boolean
}

/** Longer ones are not kept in memory. */
const longest = 1024 * 1024
const newline = 0x0a

/** The lines of a stream, split by line feeds alone. */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<RawLine> {
  let begun: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      const bytes = chunk.subarray(from, end)
      yield { bytes: begun.length === 0 ? bytes : Buffer.concat([begun, bytes]), isWhole: true }
      begun = Buffer.alloc(0)
      from = end + 1
    }
    begun = Buffer.concat([begun, chunk.subarray(from)])
    if (begun.length > longest) break
  }
  if (begun.length > 0) yield { bytes: begun, isWhole: false }
}
