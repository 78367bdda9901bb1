/** What several parts of the schema are made of. */
import { z } from 'zod'
import { isObject } from '../base/is-object.ts'
import { didYouMean } from '../base/nearest.ts'

/** Marks an issue that is about a key and not about the value behind it. */
export const aboutKey = { about: 'key' }

/** Runs a check though other parts are wrong: all mistakes are to be told at once. */
export const regardless = { when: () => true }

export function text(most: number) {
  return z.string().min(1, 'expected text').max(most, `expected at most ${most} characters`)
}

export type Context = z.core.$RefinementCtx

/** A check of every key of a map. What should be a map and is none has been reported by then. */
export function eachKey(pattern: RegExp, message: string) {
  return (map: unknown, context: Context): void => {
    if (!isObject(map)) return
    for (const key of Object.keys(map)) {
      if (!pattern.test(key)) keyIssue(context, [key], message)
    }
  }
}

/** Tells something about a key, and not about the value behind it. */
export const keyIssue = (context: Context, path: string[], message: string): void =>
  context.addIssue({ code: 'custom', path, message, params: aboutKey })

/** Of a name that is none of theirs. */
export const noSuchSource = (name: string, sources: readonly string[]): string =>
  ['expected the name of a source', didYouMean(name, sources)]
    .filter((part) => part !== undefined)
    .join('. ')
