import { isObject } from '../../base/is-object.ts'
import { type OpenApiDocument, OpenApiFlaw } from './document.ts'
import { freeName, type ImportedParameter, tellDefault } from './parameters.ts'
import { deref, type Part } from './refs.ts'
import { toSchema } from './schema.ts'

/**
 * What an operation takes as its body, put to its other parameters: each property of a plain object is one, anything
 * else is one that is the whole body. `readOnly` ones are the API's to say (OpenAPI 3.1, Schema Object).
 *
 * @throws OpenApiFlaw where a body is required that is no JSON
 */
export function readBodyParameters(
  document: OpenApiDocument,
  operation: Part,
  into: Record<string, ImportedParameter>,
): void {
  const { requestBody } = operation.value
  if (requestBody === undefined) return
  const part = deref(document, requestBody, [...operation.path, 'requestBody'])
  const isRequired = part.value['required'] === true
  const media = isObject(part.value['content']) ? part.value['content'][json] : undefined
  if (!isObject(media)) {
    if (!isRequired) return
    throw new OpenApiFlaw(part.path, `a body is required, and none of ${json} is described.`)
  }
  const where = [...part.path, 'content', json, 'schema']
  const schema = toSchema(document, media['schema'], where)
  const { properties, required } = schema
  if (!isPlainObject(schema) || !isObject(properties)) {
    const place = { in: 'body', name: 'body', style: 'whole', explode: false } as const
    into[freeName('body', into)] = { schema: tellDefault(schema), isOptional: !isRequired, place }
    return
  }
  const source = deref(document, media['schema'], where)
  for (const [name, property] of Object.entries(properties)) {
    if (isReadOnly(document, source, name)) continue
    into[freeName(name, into)] = {
      schema: tellDefault(isObject(property) ? property : {}),
      isOptional: !(Array.isArray(required) && required.includes(name)),
      place: { in: 'body', name, style: 'json', explode: false },
    }
  }
}

const json = 'application/json'

/** One that its properties say all of. */
const isPlainObject = (schema: Readonly<Record<string, unknown>>): boolean =>
  isObject(schema['properties']) &&
  [undefined, 'object'].includes(schema['type'] as string | undefined) &&
  ['anyOf', 'oneOf', 'allOf', 'not', 'additionalProperties'].every(
    (key) => schema[key] === undefined || schema[key] === false,
  )

function isReadOnly(document: OpenApiDocument, { value, path }: Part, name: string): boolean {
  const { properties } = value
  const property: unknown = isObject(properties) ? properties[name] : undefined
  if (!isObject(property)) return false
  return deref(document, property, [...path, 'properties', name]).value['readOnly'] === true
}
