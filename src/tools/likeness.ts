import { foldCase } from '../base/fold-case.ts'
import { nearest } from '../base/nearest.ts'

/** `customerIds` and `customer_ids` are the words customer and ids. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** From 0 to 1 for each word: the same, a beginning, a part, or a slip of the finger. */
export function likeness(words: readonly string[], name: string): number {
  const parts = wordsOf(name)
  const scores = words.map((word) => Math.max(0, ...parts.map((part) => closeness(word, part))))
  return scores.reduce((sum, value) => sum + value, 0)
}

function closeness(word: string, part: string): number {
  if (word === part) return 1
  if (part.startsWith(word) || word.startsWith(part)) return 0.8
  if (part.includes(word)) return 0.6
  return nearest(word, [part]) === undefined ? 0 : 0.5
}

const mostLike = 3

/** The names that may be meant: a slip of the finger first, then those made of the same words. */
export function namesLike(wanted: string, names: readonly string[]): string[] {
  const close = nearest(wanted, names)
  const words = wordsOf(wanted)
  const alike = names
    .map((name) => ({ name, score: likeness(words, name) / Math.max(words.length, 1) }))
    .filter(({ score }) => score >= 0.6)
    .toSorted((one, other) => other.score - one.score)
    .map(({ name }) => name)
  return [...new Set([...(close === undefined ? [] : [close]), ...alike])].slice(0, mostLike)
}

/** True for `orders` and `order`, `categories` and `category`. */
export const isSingularOf = (word: string, name: string): boolean => {
  const [one, many] = [foldCase(word), foldCase(name)]
  return [one, `${one}s`, `${one}es`, one.replace(/y$/, 'ies')].includes(many)
}
