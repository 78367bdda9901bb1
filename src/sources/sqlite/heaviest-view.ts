import { foldCase } from '../../base/fold-case.ts'

export interface View {
  readonly name: string
  readonly sql: string
}

/**
 * The view that stands for the most others once SQLite has put in every view it names, and for how
 * many. Each may name the one before twice: SQLite would expand that for hours before it reads a row.
 */
export function heaviestView(views: readonly View[]): { name: string; weight: number } {
  const definitions = new Map(views.map(({ name, sql }) => [foldCase(name), wordsOf(sql)]))
  const weights = new Map<string, number>()
  const weigh = (name: string): number => {
    const known = weights.get(name)
    if (known !== undefined) return known
    weights.set(name, 0)
    const uses = (definitions.get(name) ?? []).filter((word) => definitions.has(word))
    const weight = uses.reduce((sum, word) => sum + (word === name ? 0 : weigh(word)), 1)
    weights.set(name, weight)
    return weight
  }
  return views
    .map(({ name }) => ({ name, weight: weigh(foldCase(name)) }))
    .reduce((most, view) => (view.weight > most.weight ? view : most), { name: '', weight: 0 })
}

/** In quotes or not; a word of a text counts as well, and harms nothing. */
const wordsOf = (sql: string): string[] =>
  (sql.match(/"[^"]+"|\[[^\]]+\]|`[^`]+`|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []).map((word) =>
    foldCase(word.replaceAll(/^["[`]|["\]`]$/g, '')),
  )
