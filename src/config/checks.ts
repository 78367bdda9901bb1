/** What several parts of the schema are made of. */
import { z } from 'zod'

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
    if (!isMap(map)) return
    for (const key of Object.keys(map)) {
      if (!pattern.test(key)) keyIssue(context, [key], message)
    }
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const keyIssue = (context: Context, path: string[], message: string): void =>
  context.addIssue({ code: 'custom', path, message, params: aboutKey })
