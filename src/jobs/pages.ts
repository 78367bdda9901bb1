/**
 * The JSON of an answer as pages of so many bytes, cut between rows: each is a whole answer, and says with
 * `next_cursor` how the next one is called. An answer that fits, or that has no rows, is one page.
 */
export function toPages(text: string, pageBytes: number): readonly string[] {
  if (Buffer.byteLength(text) <= pageBytes) return [text]
  const answer = JSON.parse(text) as { rows?: unknown }
  if (!Array.isArray(answer.rows) || answer.rows.length === 0) return [text]
  const parts = split(answer.rows, pageBytes)
  return parts.map((rows, index) => {
    const next = index + 1 < parts.length ? { next_cursor: String(index + 1) } : {}
    return JSON.stringify({ ...answer, rows, row_count: rows.length, ...next })
  })
}

/** At least one row each. */
function split(rows: readonly unknown[], pageBytes: number): unknown[][] {
  const parts: unknown[][] = []
  let room = 0
  for (const row of rows) {
    const bytes = Buffer.byteLength(JSON.stringify(row)) + 1
    if (bytes > room) {
      parts.push([])
      room = pageBytes
    }
    parts.at(-1)?.push(row)
    room -= bytes
  }
  return parts
}
