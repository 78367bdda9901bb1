import { distance } from 'fastest-levenshtein'

/** Nobody mistypes more than this. */
const longestWord = 64

/**
 * The candidate a person most likely meant, or undefined where none is near: at most one edit in
 * three characters, ignoring case. Among equals the one with the same letters, as letters that
 * changed places are two edits and one slip.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined
  const wanted = word.toLowerCase()
  const most = Math.max(1, Math.round(wanted.length / 3))
  const ranked = candidates
    // Their lengths alone make more edits of most of them.
    .filter(({ length }) => Math.abs(length - wanted.length) <= most)
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((one, other) => one.edits - other.edits || strays(word, one) - strays(word, other))
  return ranked[0]?.candidate
}

/** `Did you mean "x"?` or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const best = nearest(word, candidates)
  return best === undefined ? undefined : `Did you mean "${best}"?`
}

/** A hint for a name that is not there: the one that was meant, where it is near, and all there are. */
export const choices = (word: string, kind: string, names: readonly string[]): string =>
  `${didYouMean(word, names) ?? ''} ${kind}: ${names.join(', ')}.`.trim()

/** How far apart the two are as bags of letters. */
const strays = (word: string, { candidate }: { candidate: string }): number =>
  distance(lettersOf(word), lettersOf(candidate))

const lettersOf = (word: string): string => word.toLowerCase().split('').toSorted().join('')
