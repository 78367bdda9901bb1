/** What an operation gives, in a line for a model: names and types, not schemas. */
import type { JsonSchema } from '../../base/json-schema.ts'
import { shorten } from '../../base/shorten.ts'
import { isObject } from '../../base/is-object.ts'
import { type OpenApiDocument, type Path } from './document.ts'
import { deref, type Part } from './refs.ts'
import { toSchema } from './schema.ts'

const longest = 300
/** At each depth; deeper there are none. */
const mostNames = [20, 6, 3] as const

/** `{id: integer, lines: [{text, cents: integer}]}`; undefined where the document does not say. */
export function describeResponse(
  document: OpenApiDocument,
  { value, path }: Part,
): string | undefined {
  const { responses } = value
  if (!isObject(responses)) return undefined
  const status = ['200', '2XX', '201', 'default'].find((one) => responses[one] !== undefined)
  if (status === undefined) return undefined
  try {
    const response = deref(document, responses[status], [...path, 'responses', status])
    const schema = jsonSchemaOf(document, response)
    return schema === undefined ? undefined : shorten(toShape(schema, 0), longest)
  } catch {
    // A description that is broken takes nothing from the operation.
    return undefined
  }
}

function jsonSchemaOf(document: OpenApiDocument, { value, path }: Part): JsonSchema | undefined {
  const { content } = value
  const [type, media] =
    Object.entries(isObject(content) ? content : {}).find(([name]) => /[/+]json\b/.test(name)) ?? []
  if (type === undefined || !isObject(media) || media['schema'] === undefined) return undefined
  const where: Path = [...path, 'content', type, 'schema']
  return toSchema(document, media['schema'], where)
}

function toShape(schema: JsonSchema, depth: number): string {
  const { type, properties, items, allOf, anyOf, oneOf } = schema
  if (isObject(properties)) return toObjectShape(properties, depth)
  if (isObject(items)) return `[${toShape(items, depth)}]`
  const merged = [allOf, anyOf, oneOf].find(Array.isArray) as readonly JsonSchema[] | undefined
  const [first] = merged?.filter((one) => isObject(one['properties'])) ?? []
  if (Array.isArray(allOf) && merged !== undefined)
    return toShape(
      { properties: Object.assign({}, ...merged.map((one) => one['properties'])) },
      depth,
    )
  if (first !== undefined) return toShape(first, depth)
  const [name] = [type].flat().filter((one) => one !== 'null')
  return name === 'string' ? 'text' : typeof name === 'string' ? name : 'any'
}

function toObjectShape(properties: Readonly<Record<string, unknown>>, depth: number): string {
  const names = Object.entries(properties)
  const most = mostNames[depth] ?? 0
  if (most === 0) return '{…}'
  const shown = names.slice(0, most).map(([name, inner]) => {
    const shape = isObject(inner) ? toShape(inner, depth + 1) : 'any'
    return shape === 'text' ? name : `${name}: ${shape}`
  })
  return `{${[...shown, ...(names.length > most ? ['…'] : [])].join(', ')}}`
}
