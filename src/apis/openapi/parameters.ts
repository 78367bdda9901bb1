import type { JsonSchema } from '../../base/json-schema.ts'
import { isObject } from '../../base/is-object.ts'
import type { Place, Style } from '../endpoint.ts'
import { headerNamePattern, isReservedHeader } from '../headers.ts'
import { type OpenApiDocument, OpenApiFlaw } from './document.ts'
import { deref, type Part } from './refs.ts'
import { toSchema } from './schema.ts'
import { toWords } from './words.ts'

const longestDescription = 200

/** A value that an operation takes. */
export interface ImportedParameter {
  readonly schema: JsonSchema
  readonly isOptional: boolean
  readonly place: Place
}

/** What the config sends by itself; no parameter of that name is asked for. */
export interface SentAnyway {
  /** In small letters. */
  readonly headers: readonly string[]
  readonly query: readonly string[]
}

interface Operation extends Part {
  /** The path item that it stands in, whose parameters are its own too. */
  readonly item: Part
}

/** Of an operation, those that a model is asked for, by the names it calls them. */
export function readParameters(
  document: OpenApiDocument,
  operation: Operation,
  anyway: SentAnyway,
): Record<string, ImportedParameter> {
  const written = new Map<string, Part>()
  // What the operation says of one goes before what its path says.
  for (const holder of [operation.item, operation]) {
    for (const part of listOf(document, holder))
      written.set(`${String(part.value['in'])} ${String(part.value['name'])}`, part)
  }
  const read: Record<string, ImportedParameter> = {}
  for (const part of written.values()) {
    const parameter = readParameter(document, part, anyway)
    if (parameter !== undefined) read[freeName(parameter.place.name, read)] = parameter
  }
  return read
}

function listOf(document: OpenApiDocument, { value, path }: Part): Part[] {
  const { parameters } = value
  if (!Array.isArray(parameters)) return []
  return parameters.map((one: unknown, index) =>
    deref(document, one, [...path, 'parameters', index]),
  )
}

/** Undefined for one that is not asked for. */
function readParameter(
  document: OpenApiDocument,
  part: Part,
  anyway: SentAnyway,
): ImportedParameter | undefined {
  const { in: where, name, required } = part.value
  if (typeof name !== 'string' || name === '')
    throw new OpenApiFlaw(part.path, 'this parameter has no name.')
  if (isSentAnyway(where, name, anyway)) return undefined
  const schema = schemaOf(document, part)
  const place = placeOf(part, name, schema)
  if (typeof place === 'object') return { schema, place, isOptional: required !== true }
  if (required !== true) return undefined
  throw new OpenApiFlaw(part.path, `the parameter ${name} is required, and ${place}.`)
}

/** `Accept`, `Content-Type` and `Authorization` are no parameters (OpenAPI 3.1, Parameter Object). */
function isSentAnyway(where: unknown, name: string, { headers, query }: SentAnyway): boolean {
  if (where === 'query') return query.includes(name)
  const header = name.toLowerCase()
  return (
    where === 'header' &&
    (headers.includes(header) || ['accept', 'content-type', 'authorization'].includes(header))
  )
}

function schemaOf(document: OpenApiDocument, { value, path }: Part): JsonSchema {
  const media = jsonContent(value)
  const own =
    media === undefined
      ? toSchema(document, value['schema'], [...path, 'schema'])
      : toSchema(document, media, [...path, 'content', 'application/json', 'schema'])
  return tellDefault(own, toWords(value['description'], longestDescription))
}

/** What is left out is not sent: what the API takes then is told, and no default of ours. */
export function tellDefault(own: JsonSchema, said = ''): JsonSchema {
  const { default: usual, description, ...schema } = own
  const words = [said || description]
  // What the API takes where nothing is sent is for the model to know, and not to be sent.
  if (usual !== undefined && usual !== null) words.push(`Default: ${JSON.stringify(usual)}.`)
  const told = words.filter((one) => one !== undefined && one !== '').join(' ')
  return { ...schema, ...(told !== '' && { description: told }) }
}

function jsonContent({ content }: Part['value']): unknown {
  const media = isObject(content) ? content['application/json'] : undefined
  return isObject(media) ? media['schema'] : undefined
}

/** Where its value goes; or why nowhere. */
function placeOf({ value }: Part, name: string, schema: JsonSchema): Place | string {
  const { in: where, explode, content } = value
  const style = typeof value['style'] === 'string' ? value['style'] : undefined
  const isStructure = [schema['type']].flat().includes('object')
  const to = (one: Place['in'], how: Style, each: boolean): Place => ({
    in: one,
    name,
    style: how,
    explode: each,
  })
  if (where === 'path' || where === 'header') {
    if (style !== undefined && style !== 'simple') return `its style ${style} is not served`
    if (content !== undefined || isStructure) return `an object in a ${where} is not served`
    if (where === 'header' && (isReservedHeader(name) || !headerNamePattern.test(name)))
      return 'that header is not for a model to set'
    return to(where, 'simple', false)
  }
  if (where !== 'query') return `a ${String(where)} parameter is not served`
  if (content !== undefined)
    return jsonContent(value) === undefined ? 'it is no JSON' : to('query', 'json', false)
  if (style === 'deepObject') return to('query', 'deepObject', true)
  if (isStructure) return 'an object is served in the style deepObject alone'
  if (style === 'spaceDelimited' || style === 'pipeDelimited')
    return to('query', style, explode === true)
  if (style !== undefined && style !== 'form') return `its style ${style} is not served`
  return to('query', 'form', explode !== false)
}

/** Letters, digits and _, no digit first: what a model may call an argument anywhere. */
export function freeName(written: string, taken: Readonly<Record<string, unknown>>): string {
  const words = written.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '')
  const name = (/^[A-Za-z_]/.test(words) ? words : `_${words}`).slice(0, 60)
  for (let count = 2, free = name; ; count++) {
    if (!Object.hasOwn(taken, free)) return free
    free = `${name}_${count}`
  }
}
