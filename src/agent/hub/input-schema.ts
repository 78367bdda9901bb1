import { type JsonSchema, toPath } from '../../base/json-schema.ts'
import { isObject } from '../../base/is-object.ts'

/** A schema that the Messages API takes, or why there is none. */
export type InputSchema =
  | { readonly schema: JsonSchema }
  | { readonly schema?: undefined; readonly flaw: string }

/** Every request carries all schemas: one of that size would be most of the bill. */
const longestSchema = 50_000

/** As JSON writes it, and no backslash that stands before a `u`; the API would refuse the whole request for one. */
const halfCharacter = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/

const propertyName = /^[a-zA-Z0-9_.-]{1,64}$/

/**
 * The API wants an object on top and no choice there. A choice between objects becomes one object with
 * the properties of all, of which only those are required that every branch requires: it takes all that
 * the server takes, and the server still checks each call.
 */
export function toInputSchema(written: unknown): InputSchema {
  if (!isObject(written)) return { flaw: 'its input schema is no object' }
  if (JSON.stringify(written).length > longestSchema)
    return { flaw: 'its input schema is too long' }
  if (halfCharacter.test(JSON.stringify(written)))
    return { flaw: 'its input schema has characters that are none' }
  const { $schema: _dialect, ...schema } = written
  const merged = new Merging(schema).merge(schema)
  if (merged === undefined)
    return {
      flaw: 'its input schema has a choice on top that is not between objects, or between too many',
    }
  if ((merged['type'] ?? 'object') !== 'object') return { flaw: 'its input is no object' }
  const properties = merged['properties'] ?? {}
  if (!isObject(properties)) return { flaw: 'the properties of its input schema are no object' }
  const odd = Object.keys(properties).find((name) => !propertyName.test(name))
  if (odd !== undefined)
    return { flaw: 'a property of its input has characters that the API refuses' }
  return { schema: { ...merged, type: 'object', properties } }
}

const deepest = 5
/** References make few words stand for more choices than anybody can look at. */
const mostBranches = 1000

/** Of one schema. Undefined where something in it is no object, or there is too much of it. */
class Merging {
  readonly #root: JsonSchema
  #left = mostBranches

  constructor(root: JsonSchema) {
    this.#root = root
  }

  merge(schema: JsonSchema, depth = 0): JsonSchema | undefined {
    const { anyOf, oneOf, allOf, ...rest } = schema
    if (anyOf === undefined && oneOf === undefined && allOf === undefined) return schema
    if (depth > deepest) return undefined
    const [any, one, all] = [anyOf, oneOf, allOf].map((list) => this.#objects(list, depth))
    if (any === undefined || one === undefined || all === undefined) return undefined
    return [any, one]
      .filter((branches) => branches.length > 0)
      .map(eitherOf)
      .concat(all)
      .reduce(bothOf, rest)
  }

  #objects(list: unknown, depth: number): readonly JsonSchema[] | undefined {
    if (list === undefined) return []
    if (!Array.isArray(list)) return undefined
    const objects: JsonSchema[] = []
    for (const branch of list as readonly unknown[]) {
      this.#left -= 1
      const object = this.#left < 0 ? undefined : this.#object(branch, depth + 1)
      if (object === undefined) return undefined
      objects.push(object)
    }
    return objects
  }

  /** A branch as an object schema, its local reference followed. */
  #object(branch: unknown, depth: number): JsonSchema | undefined {
    if (!isObject(branch)) return undefined
    const { $ref } = branch
    const target = typeof $ref === 'string' ? lookUp($ref, this.#root) : branch
    if (!isObject(target) || (target['type'] ?? 'object') !== 'object') return undefined
    return this.merge(target, depth)
  }
}

function lookUp(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith('#/')) return undefined
  return toPath(reference).reduce<unknown>(
    (value, step) => (isObject(value) ? value[step] : undefined),
    root,
  )
}

function eitherOf(branches: readonly JsonSchema[]): JsonSchema {
  const required = branches.map(requiredOf)
  const shared = (required[0] ?? []).filter((name) =>
    required.every((names) => names.includes(name)),
  )
  return { properties: mergeProperties(branches, 'anyOf'), required: shared }
}

const bothOf = (one: JsonSchema, other: JsonSchema): JsonSchema => {
  const required = [...new Set([...requiredOf(one), ...requiredOf(other)])]
  return {
    ...one,
    properties: mergeProperties([one, other], 'allOf'),
    ...(required.length === 0 ? {} : { required }),
    // What one part closes the other may open: the server knows.
    ...('additionalProperties' in one ? { additionalProperties: true } : {}),
  }
}

function mergeProperties(schemas: readonly JsonSchema[], join: 'anyOf' | 'allOf'): JsonSchema {
  const found = new Map<string, Map<string, unknown>>()
  for (const { properties } of schemas) {
    for (const [name, value] of Object.entries(isObject(properties) ? properties : {})) {
      found.set(
        name,
        (found.get(name) ?? new Map<string, unknown>()).set(JSON.stringify(value), value),
      )
    }
  }
  return Object.fromEntries(
    [...found].map(([name, different]) => {
      const values = [...different.values()]
      return [name, values.length === 1 ? values[0] : { [join]: values }]
    }),
  )
}

const requiredOf = ({ required }: JsonSchema): readonly string[] =>
  Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
