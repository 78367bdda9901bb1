/** Schemas of a document as JSON Schema 2020-12, without references: what a tool publishes. */
import type { JsonSchema } from '../../base/json-schema.ts'
import { isObject } from '../../base/is-object.ts'
import { type OpenApiDocument, OpenApiFlaw, type Path } from './document.ts'
import { deref } from './refs.ts'
import { toWords } from './words.ts'

/** Deeper than this, and where a schema holds itself, anything fits: the API judges it. */
const deepest = 8
/** Schemas that one parameter may be made of. */
const mostSchemas = 1000
const longestDescription = 200

/** Formats that are checked; others (`int64`, `password`) say something to programs alone. */
const formats = new Set([
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
])

/** Taken over as they are. */
const plain = [
  'enum',
  'const',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'default',
  'title',
] as const

/** @throws OpenApiFlaw where a reference leads nowhere, or it is too large */
export const toSchema = (document: OpenApiDocument, value: unknown, path: Path): JsonSchema =>
  new Conversion(document).convert(value, path, [])

class Conversion {
  readonly #document: OpenApiDocument
  #schemas = 0

  constructor(document: OpenApiDocument) {
    this.#document = document
  }

  /** @param inside the schemas that this one stands in */
  convert(value: unknown, path: Path, inside: readonly unknown[]): JsonSchema {
    if (value === undefined || typeof value === 'boolean') return {}
    const part = deref(this.#document, value, path)
    if (inside.includes(part.value) || inside.length >= deepest) return {}
    this.#schemas += 1
    if (this.#schemas > mostSchemas)
      throw new OpenApiFlaw(path, `its schema is made of more than ${mostSchemas}.`)
    const deeper = [...inside, part.value]
    const convert = (one: unknown, ...steps: (string | number)[]): JsonSchema =>
      this.convert(one, [...part.path, ...steps], deeper)
    return withNull(part.value, {
      ...basics(part.value),
      ...inner(part.value, convert),
    })
  }
}

type Source = Readonly<Record<string, unknown>>

function basics(source: Source): Record<string, unknown> {
  const taken = Object.fromEntries(
    plain.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]),
  )
  const { type, format, pattern, description, example, examples } = source
  const shown = Array.isArray(examples) ? examples : example === undefined ? [] : [example]
  return {
    ...(typeof type === 'string' || Array.isArray(type) ? { type } : {}),
    ...taken,
    // Before JSON Schema had lists of them, each property said so of itself, and some still do.
    ...(taken['required'] !== undefined &&
      !Array.isArray(taken['required']) && { required: undefined }),
    ...exclusive(source),
    ...(typeof format === 'string' && formats.has(format) && { format }),
    ...(typeof pattern === 'string' && isPattern(pattern) && { pattern }),
    ...(toWords(description, longestDescription) !== '' && {
      description: toWords(description, longestDescription),
    }),
    ...(shown.length > 0 && { examples: shown.slice(0, 3) }),
  }
}

function inner(
  source: Source,
  convert: (value: unknown, ...steps: (string | number)[]) => JsonSchema,
): Record<string, unknown> {
  const { properties, items, additionalProperties, not } = source
  const lists = (['anyOf', 'oneOf', 'allOf'] as const).flatMap((key): [string, unknown][] => {
    const list: unknown = source[key]
    return Array.isArray(list) && list.length > 0
      ? [[key, list.map((one: unknown, index) => convert(one, key, index))]]
      : []
  })
  return {
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, convert(one, 'properties', name)]),
      ),
    }),
    ...(items !== undefined && { items: convert(items, 'items') }),
    ...(isObject(additionalProperties) && {
      additionalProperties: convert(additionalProperties, 'additionalProperties'),
    }),
    ...(additionalProperties === false && { additionalProperties }),
    ...(isObject(not) && { not: convert(not, 'not') }),
    ...Object.fromEntries(lists),
  }
}

/** In 3.0 a bound that is not reached is a flag beside it; later it is the bound itself. */
function exclusive({
  minimum,
  maximum,
  exclusiveMinimum: above,
  exclusiveMaximum: below,
}: Source): Record<string, unknown> {
  return {
    ...(typeof above === 'number' && { exclusiveMinimum: above }),
    ...(typeof below === 'number' && { exclusiveMaximum: below }),
    ...(above === true && { exclusiveMinimum: minimum, minimum: undefined }),
    ...(below === true && { exclusiveMaximum: maximum, maximum: undefined }),
  }
}

/** `nullable` of 3.0. */
function withNull({ nullable }: Source, schema: Record<string, unknown>): JsonSchema {
  const defined = Object.fromEntries(
    Object.entries(schema).filter(([, value]) => value !== undefined),
  )
  if (nullable !== true) return defined
  const { type, enum: values } = defined
  return {
    ...defined,
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(Array.isArray(values) &&
      !values.includes(null) && { enum: [...(values as unknown[]), null] }),
  }
}

/** Documents come from other languages, and so do their patterns. */
function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}
