/** JSON Schema of arguments as rows for a reader. */
import { counted } from '../base/counted.ts'
import { isObject } from '../base/is-object.ts'
import { type JsonSchema, toPath } from '../base/json-schema.ts'

export interface ParameterRow {
  /** `filter.status`; `ids[]` for the items of a list. */
  readonly name: string
  /** `whole number`, `list of text`. */
  readonly type: string
  /** `at least 1`, `one of "new", "paid"`. */
  readonly constraints: readonly string[]
  /** As JSON; undefined where there is none. */
  readonly byDefault: string | undefined
  readonly isRequired: boolean
  readonly description: string
}

/** Schemas may refer to themselves. */
const deepest = 5

/** Every argument, and below it what it is made of. */
export function toParameterRows(schema: JsonSchema): ParameterRow[] {
  const rows = (within: JsonSchema, prefix: string, depth: number): ParameterRow[] => {
    if (depth > deepest) return []
    const required = listOf(within['required'])
    return Object.entries(objectOf(within['properties'])).flatMap(([name, written]) => {
      const one = resolved(objectOf(written), schema)
      const row = toRow(`${prefix}${name}`, one, schema)
      const own = { ...row, isRequired: required.includes(name) }
      return [own, ...inner(one, `${prefix}${name}`, depth)]
    })
  }
  const inner = (one: JsonSchema, name: string, depth: number): ParameterRow[] => {
    if (!isObject(one['items'])) return rows(one, `${name}.`, depth + 1)
    const item = resolved(objectOf(one['items']), schema)
    return rows(item, `${name}[].`, depth + 1)
  }
  return rows(schema, '', 0)
}

function toRow(name: string, schema: JsonSchema, root: JsonSchema): ParameterRow {
  const item = resolved(objectOf(schema['items']), root)
  const ofItems = constraintsOf(item).map((one) => `each ${one}`)
  return {
    name,
    type: typeOf(schema, root),
    constraints: [...constraintsOf(schema), ...ofItems],
    byDefault: Object.hasOwn(schema, 'default') ? JSON.stringify(schema['default']) : undefined,
    isRequired: false,
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
  }
}

const words: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
  null: 'null',
}

const formats: Readonly<Record<string, string>> = {
  date: 'date, such as 2026-01-31',
  'date-time': 'time, such as 2026-01-31T13:30:00Z',
  email: 'e-mail address',
  uri: 'URI',
  uuid: 'UUID',
}

/** In words; a choice between schemas is told by what each of them is. */
function typeOf(schema: JsonSchema, root: JsonSchema, depth = 0): string {
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (choices.length > 0 && depth < deepest) {
    const told = choices.map((one) => typeOf(resolved(objectOf(one), root), root, depth + 1))
    return [...new Set(told)].join(' or ')
  }
  const types = typesOf(schema)
  if (types.length === 0) return 'any value'
  return types
    .map((type) => {
      if (type === 'string') return formats[String(schema['format'])] ?? 'text'
      if (type !== 'array' || !isObject(schema['items']) || depth >= deepest)
        return words[type] ?? type
      return `list of ${typeOf(resolved(schema['items'], root), root, depth + 1)}`
    })
    .join(' or ')
}

/** As declared, or those of the values that it allows. */
export function typesOf({ type, enum: allowed, const: only }: JsonSchema): string[] {
  if (type !== undefined) return [type].flat().map(String)
  const values = Array.isArray(allowed) ? allowed : only === undefined ? [] : [only]
  const found = values.map((value: unknown) => {
    if (value === null) return 'null'
    if (Array.isArray(value)) return 'array'
    return Number.isInteger(value) ? 'integer' : typeof value
  })
  return [...new Set(found)]
}

/** By keyword, each given its value. */
const tellings: Readonly<Record<string, (value: unknown) => string>> = {
  enum: (value) =>
    `one of ${listOf(value)
      .map((one) => JSON.stringify(one))
      .join(', ')}`,
  const: (value) => `always ${JSON.stringify(value)}`,
  minimum: (value) => `at least ${String(value)}`,
  exclusiveMinimum: (value) => `above ${String(value)}`,
  maximum: (value) => `at most ${String(value)}`,
  exclusiveMaximum: (value) => `below ${String(value)}`,
  multipleOf: (value) => `a multiple of ${String(value)}`,
  minLength: (value) => `at least ${counted(Number(value), 'character')}`,
  maxLength: (value) => `at most ${counted(Number(value), 'character')}`,
  pattern: (value) => `matches ${String(value)}`,
  minItems: (value) => `at least ${counted(Number(value), 'item')}`,
  maxItems: (value) => `at most ${counted(Number(value), 'item')}`,
  uniqueItems: (value) => (value === true ? 'nothing twice' : ''),
}

function constraintsOf(schema: JsonSchema): string[] {
  const told = Object.entries(tellings)
    .filter(([keyword]) => Object.hasOwn(schema, keyword))
    .map(([keyword, tell]) => tell(schema[keyword]))
  const format = typeof schema['format'] === 'string' ? schema['format'] : undefined
  const isTold = format === undefined || Object.hasOwn(formats, format)
  return [...told, isTold ? '' : `in the format ${format}`].filter((one) => one !== '')
}

/** A reference within the same schema (`#/$defs/…`), followed; what is elsewhere stays as it is. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema
  for (let steps = 0; steps < deepest && typeof found['$ref'] === 'string'; steps++) {
    const { $ref: reference, ...beside } = found
    const target = toPath(reference).reduce<unknown>(
      (inner, step) => (isObject(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
      reference.startsWith('#') ? root : undefined,
    )
    found = { ...objectOf(target), ...beside }
  }
  return found
}

export const objectOf = (value: unknown): JsonSchema => (isObject(value) ? value : {})

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
