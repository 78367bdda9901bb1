import type { AppError } from '../../base/error.ts'
import { toPattern } from '../named-in.ts'

/**
 * Where in a statement the error is: at the name that it is about, or at the words that it quotes, for
 * only one engine of four says the place. At the first word where nothing of that is found.
 */
export function placeOf({ subject, message }: AppError, text: string): [number, number] {
  const [, quoted] = /near ["']([^"']+)/.exec(message) ?? []
  const names = [subject, subject?.split('.').at(-1), quoted, quoted?.split(/[\s?$(]/)[0]]
  for (const name of names) {
    const found = name === undefined || name === '' ? undefined : find(name, text)
    if (found !== undefined) return found
  }
  const start = Math.max(0, text.search(/\S/))
  return [start, start + (/^\S+/.exec(text.slice(start))?.[0].length ?? 0)]
}

/** As a word of its own, in capitals or not. */
function find(name: string, text: string): [number, number] | undefined {
  const found = new RegExp(`(?<![\\w:])${toPattern(name)}(?!\\w)`, 'iu').exec(text)
  return found === null ? undefined : [found.index, found.index + found[0].length]
}
