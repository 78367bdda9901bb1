import { closest, distance } from 'fastest-levenshtein'

/**
 * The candidate a person most likely meant, or undefined where none is near: at most one edit in
 * three characters, ignoring case.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const wanted = word.toLowerCase()
  const folded = candidates.map((candidate) => candidate.toLowerCase())
  const best = closest(wanted, folded)
  if (distance(wanted, best) > Math.max(1, Math.floor(wanted.length / 3))) return undefined
  return candidates[folded.indexOf(best)]
}

/** `Did you mean "x"?` or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const best = nearest(word, candidates)
  return best === undefined ? undefined : `Did you mean "${best}"?`
}
