import { z } from 'zod'
import { AppError } from '../base/error.ts'
import { isObject } from '../base/is-object.ts'
import { namesLike } from './likeness.ts'

/**
 * Arguments as they were meant: null and empty text stand for one that is left out, and a whole number
 * in quotes for the number, where the schema takes no text there.
 */
export function tidyArguments(input: unknown, { shape }: z.ZodObject): unknown {
  if (!isObject(input)) return input
  const entries = Object.entries(input).flatMap(([key, value]): [string, unknown][] => {
    const schema = Object.hasOwn(shape, key) ? (shape[key] as z.ZodType) : undefined
    if (schema === undefined || schema.safeParse(value).success) return [[key, value]]
    const isLeftOut = (value === null || value === '') && schema.safeParse(undefined).success
    return isLeftOut ? [] : [[key, toNumber(value)]]
  })
  return Object.fromEntries(entries)
}

const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value

interface Call {
  readonly tool: string
  /** As listed. */
  readonly input: z.ZodObject
  readonly given: unknown
}

/** What is wrong with the arguments of a call, in a sentence for each. */
export function wrongArguments({ tool, input, given }: Call, { issues }: z.ZodError): AppError {
  const names = Object.keys(input.shape)
  const { properties = {} } = z.toJSONSchema(input, { io: 'input' }) as JsonSchema
  const missing = names.filter((name) => isMissing(name, issues, given))
  const mistakes = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownArgument(key, { names, missing }))
      : [explain(issue.path.map(String), { properties, given })],
  )
  return new AppError('invalid_input', `Wrong arguments for ${tool}: ${mistakes.join('; ')}.`, {
    hint: `Its arguments are ${names.join(', ')}.`,
  })
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, Property>>
}

interface Property {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

const valueAt = (given: unknown, key: string): unknown =>
  isObject(given) && Object.hasOwn(given, key) ? given[key] : undefined

const isMissing = (name: string, issues: z.ZodError['issues'], given: unknown): boolean =>
  valueAt(given, name) === undefined && issues.some(({ path }) => path[0] === name)

function unknownArgument(
  key: string,
  { names, missing }: { names: readonly string[]; missing: readonly string[] },
): string {
  const [meant = missing.length === 1 ? missing[0] : undefined] = namesLike(key, names)
  const told = meant === undefined ? '' : ` (did you mean ${meant}?)`
  return `there is no argument ${JSON.stringify(key)}${told}`
}

function explain(
  [key]: readonly string[],
  { properties, given }: { properties: Readonly<Record<string, Property>>; given: unknown },
): string {
  if (key === undefined) return `they must be a JSON object, not ${shown(given)}`
  const value = valueAt(given, key)
  if (value === undefined) return `${key} is missing`
  return `${key} must be ${expectation(properties[key])}, not ${shown(value)}`
}

function expectation({ type, minimum, maximum, maxLength }: Property = {}): string {
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  return maxLength === undefined ? 'text' : `text of at most ${maxLength} characters`
}

function shown(value: unknown): string {
  if (value === '') return 'an empty one'
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'an object'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
