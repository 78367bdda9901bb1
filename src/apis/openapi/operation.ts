/** Operations of a document as endpoints, with the schemas of what they take. */
import { didYouMean } from '../../base/nearest.ts'
import { isObject } from '../../base/is-object.ts'
import { type Endpoint, isPath, placeholdersOf } from '../endpoint.ts'
import { isWriting, type Method, methods as served } from '../method.ts'
import { readBodyParameters } from './request-body.ts'
import { describeResponse } from './describe.ts'
import { type OpenApiDocument, OpenApiFlaw } from './document.ts'
import { type ImportedParameter, readParameters, type SentAnyway } from './parameters.ts'
import { deref, type Part } from './refs.ts'
import { toWords } from './words.ts'

export interface ImportedOperation {
  /** As the document calls it: `listInvoices`, or `GET /invoices`. */
  readonly id: string
  readonly title: string | undefined
  /** What the document says of it, and what it gives. */
  readonly description: string
  readonly endpoint: Endpoint
  /** By the name that a model calls it. */
  readonly parameters: Readonly<Record<string, ImportedParameter>>
}

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace'] as const
const longestDescription = 500

/** Where one stands in its document. */
interface Found extends Part {
  readonly id: string
  readonly method: string
  readonly template: string
  readonly item: Part
}

/** An operation that is not in the document, or that is not served: about its name in the config. */
export class OperationFlaw extends Error {}

export interface Wanted {
  /** An `operationId`, or method and path. */
  readonly id: string
  readonly anyway: SentAnyway
  /** What is wrong with a method there. */
  readonly flawOf: (method: string) => string | undefined
}

/** @throws OperationFlaw, OpenApiFlaw */
export function importOperation(
  document: OpenApiDocument,
  { id, anyway, flawOf }: Wanted,
): ImportedOperation {
  const found = find(document, id)
  const { template, value } = found
  const method = served.find((one) => one === found.method)
  const flaw = flawOf(found.method)
  if (method === undefined || flaw !== undefined)
    throw new OperationFlaw(`${id}: ${flaw ?? `${found.method} is not served`}.`)
  if (!isPath(template))
    throw new OpenApiFlaw(found.item.path, 'this path has characters that are not served.')
  const parameters = readParameters(document, found, anyway)
  if (isWriting(method)) readBodyParameters(document, found, parameters)
  refuseUnfilled(found, parameters)
  return {
    id,
    title: toWords(value['summary'], 100) || undefined,
    description: describe(document, found),
    endpoint: toEndpoint(method, template, parameters),
    parameters,
  }
}

const toEndpoint = (
  method: Method,
  path: string,
  parameters: ImportedOperation['parameters'],
): Endpoint => ({
  method,
  path,
  query: '',
  places: Object.fromEntries(Object.entries(parameters).map(([name, { place }]) => [name, place])),
})

function find(document: OpenApiDocument, wanted: string): Found {
  const all = listOperations(document)
  const found = all.filter(({ id, method, template }) =>
    [id, `${method} ${template}`].includes(wanted),
  )
  const [first, second] = found
  if (first === undefined) {
    const names = all.map(({ id }) => id)
    const hint = didYouMean(wanted, names) ?? `There are ${someOf(names)}.`
    throw new OperationFlaw(`the document has no operation of that name. ${hint}`)
  }
  if (second !== undefined)
    throw new OpenApiFlaw([...second.path, 'operationId'], 'a second operation has this id.')
  return first
}

const someOf = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} and more` : names.join(', ') || 'none'

function listOperations(document: OpenApiDocument): Found[] {
  const { paths } = document.root
  if (!isObject(paths)) throw new OpenApiFlaw(['paths'], 'the document has no paths.')
  return Object.entries(paths).flatMap(([template, written]) => {
    if (!isObject(written)) return []
    const item = deref(document, written, ['paths', template])
    return methods.flatMap((key): Found[] => {
      const value = item.value[key]
      if (!isObject(value)) return []
      const method = key.toUpperCase()
      const { operationId } = value
      const id = typeof operationId === 'string' ? operationId : `${method} ${template}`
      return [{ id, method, template, item, value, path: [...item.path, key] }]
    })
  })
}

function refuseUnfilled(
  { template, path }: Found,
  parameters: ImportedOperation['parameters'],
): void {
  const filled = Object.values(parameters)
    .filter(({ place }) => place.in === 'path')
    .map(({ place }) => place.name)
  const missing = placeholdersOf(template).find((name) => !filled.includes(name))
  if (missing !== undefined)
    throw new OpenApiFlaw(path, `no parameter says what {${missing}} of the path is.`)
}

function describe(document: OpenApiDocument, found: Found): string {
  const { summary, description } = found.value
  const said = [summary, description].map((one) => toWords(one, longestDescription))
  const words = [...new Set(said)].filter((one) => one !== '').map(endSentence)
  const shape = describeResponse(document, found)
  return [
    words.join(' ') || `${found.method} ${found.template}`,
    ...(shape === undefined ? [] : [`Gives ${shape}.`]),
  ].join('\n')
}

const endSentence = (text: string): string => (/[.!?…:)]$/.test(text) ? text : `${text}.`)
