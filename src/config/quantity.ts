/** Numbers of a config: bare, spelt with a unit, or either of them out of a variable. */
import { z } from 'zod'
import {
  countPattern,
  durationPattern,
  parseCount,
  parseDuration,
  parseSize,
  sizePattern,
} from './units.ts'

type Range = readonly [least: number, most: number]

interface Quantity {
  readonly read: (value: unknown) => number | undefined
  readonly range: Range
  readonly expected: string
  /** What an editor takes for a bare number. */
  readonly editor: Readonly<Record<string, unknown>>
  /** What an editor takes for text; a `${VAR}` is always taken. */
  readonly spelling: RegExp
}

export function count([minimum, maximum]: Range) {
  return quantity({
    read: parseCount,
    range: [minimum, maximum],
    expected: `a whole number from ${minimum} to ${maximum}`,
    editor: { type: 'integer', minimum, maximum },
    spelling: countPattern,
  })
}

/** Milliseconds. */
export function duration([least, most]: Range, expected: string) {
  const bound = least === 0 ? { minimum: 0 } : { exclusiveMinimum: 0 }
  return quantity({
    read: parseDuration,
    range: [least, most],
    expected: `a time from ${expected} or a number of seconds`,
    editor: { type: 'number', ...bound, maximum: most / 1000 },
    spelling: durationPattern,
  })
}

/** Bytes. */
export function size([minimum, maximum]: Range, expected: string) {
  return quantity({
    read: parseSize,
    range: [minimum, maximum],
    expected: `a size from ${expected} or a number of bytes`,
    editor: { type: 'number', minimum, maximum },
    spelling: sizePattern,
  })
}

function quantity({ read, range: [least, most], expected, editor, spelling }: Quantity) {
  const text = { type: 'string', pattern: `${spelling.source}|\\$\\{` }
  return z
    .unknown()
    .transform((value, context) => {
      const amount = read(value)
      if (amount !== undefined && amount >= least && amount <= most) return amount
      context.addIssue({ code: 'custom', message: `expected ${expected}` })
      return z.NEVER
    })
    .meta({ anyOf: [editor, text] })
}
