import { AppError } from '../base/error.ts'
import type { InputSchema } from '../tools/tool.ts'

type Schema = Readonly<Record<string, unknown>>

/**
 * `--customer_id 7 --status=paid` as the arguments that the schema takes: a list has an option for each
 * item, and what is no text is JSON. What does not fit is for the tool to say.
 */
export function toArguments(
  words: readonly string[],
  { properties = {} }: InputSchema,
): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = {}
  for (const [name, text] of pairsIn(words)) {
    const schema = Object.hasOwn(properties as object, name)
      ? (properties as Record<string, Schema>)[name]
      : undefined
    const isThere = Object.hasOwn(given, name)
    if (typesOf(schema).includes('array')) {
      const before = isThere ? (given[name] as unknown[]) : []
      given[name] = [...before, toValue(text, schema?.['items'] as Schema | undefined)]
    } else {
      if (isThere) throw wrong(`--${name} is there twice.`)
      given[name] = toValue(text, schema)
    }
  }
  return given
}

function pairsIn(words: readonly string[]): (readonly [name: string, text: string])[] {
  const pairs: (readonly [string, string])[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, name, text] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) throw wrong(`${word} stands behind no option.`)
    const value = text ?? words[++at]
    if (value === undefined) throw wrong(`--${name} has no value.`)
    pairs.push([name, value])
  }
  return pairs
}

function toValue(text: string, schema: Schema | undefined): unknown {
  const types = typesOf(schema)
  if (types.length === 0 || types.includes('string')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** As declared, or those of the values it lists. */
function typesOf({ type, enum: allowed = [] }: Schema = {}): string[] {
  if (type !== undefined) return [type].flat().map(String)
  return (allowed as unknown[]).map((value) => typeof value)
}

const wrong = (message: string): AppError =>
  new AppError('invalid_input', message, {
    hint: 'Write --name value for each argument, or all of them as --json-args.',
  })
