/** Tools of the `tools` section that ask an API: is what they say right, and what it comes to. */
import {
  type Endpoint,
  parseRequestLine,
  type Place,
  type RequestLine,
  toPlace,
  usualPlace,
} from '../apis/endpoint.ts'
import { isWriting, type Method, methods } from '../apis/method.ts'
import { isReservedHeader } from '../apis/headers.ts'
import type { DeclaredParameter } from '../tools/parameters.ts'
import { aboutKey, type Context } from './checks.ts'
import type { WrittenParameter, WrittenTool } from './written-tool.ts'

/** What of a source its tools must go with. */
export interface WrittenApi {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly openapi?: string | undefined
}

/** Tells what is wrong with a part of a tool; `key` where it is about the key and not its value. */
type Tell = (path: readonly string[], message: string, about?: 'key') => void

const onlyForDatabases = ['sql', 'columns', 'cache', 'affected', 'whole_table'] as const
export const onlyForApis = ['request', 'operation', 'select'] as const

/** @param name of the tool */
export function checkApiTool(
  name: string,
  tool: WrittenTool,
  { api, context }: { api: WrittenApi; context: Context },
): void {
  const tell: Tell = (path, message, about) =>
    context.addIssue({
      code: 'custom',
      path: ['tools', name, ...path],
      message,
      ...(about && { params: aboutKey }),
    })
  for (const key of onlyForDatabases.filter((one) => tool[one] !== undefined))
    tell([key], 'this is for databases; an API is asked with `request` or `operation`.', 'key')
  const { request, operation, parameters = {} } = tool
  if (request !== undefined && operation !== undefined)
    tell(['operation'], 'either `request` or `operation` says what is asked.', 'key')
  else if (operation !== undefined) {
    if (api.openapi === undefined)
      tell(['operation'], 'expected a source with `openapi`, whose operation it would be')
  } else if (request === undefined && tool.sql === undefined)
    tell(['request'], 'expected a method and a path, such as GET /invoices/{id}')
  else if (request !== undefined) {
    const line = parseRequestLine(request)
    if (line === undefined)
      return tell(['request'], 'expected a method and a path, such as GET /invoices/{id}')
    const flaw = methodFlaw(line.method, tool.effect)
    if (flaw !== undefined) return tell(['request'], flaw)
    checkRequest(line, { parameters, api, tell })
  }
}

/** A method that does not go with what its tool says of itself. */
export function methodFlaw(method: string, effect: WrittenTool['effect']): string | undefined {
  if (!isMethod(method)) return `${method} is not served: expected ${methods.join(', ')}`
  if (isWriting(method) && effect !== 'write')
    return `${method} may change something: it goes with effect: write, and writable: true of its source`
  if (!isWriting(method) && effect === 'write')
    return `${method} changes nothing: effect: write does not go with it`
  return undefined
}

const isMethod = (method: string): method is Method =>
  (methods as readonly string[]).includes(method)

function checkRequest(
  line: RequestLine,
  {
    parameters,
    api,
    tell,
  }: { parameters: Readonly<Record<string, WrittenParameter>>; api: WrittenApi; tell: Tell },
): void {
  const names = Object.entries(parameters).map(([name, { as }]) => as ?? name)
  const unfilled = line.placeholders.find((name) => !names.includes(name))
  if (unfilled !== undefined) tell(['request'], `expected a parameter for {${unfilled}}`)
  const fixed = [...Object.keys(api.query ?? {}), ...new URLSearchParams(line.query).keys()]
  const headers = Object.keys(api.headers ?? {}).map((name) => name.toLowerCase())
  const inBody = new Set<string>()
  for (const [name, parameter] of Object.entries(parameters)) {
    const place = placeOf(name, parameter, line)
    const path = ['parameters', name]
    if (place.in === 'path' && parameter.in !== undefined)
      tell([...path, 'in'], 'it stands in the path, and can go nowhere else')
    if (place.in === 'path' && parameter.optional === true && parameter['default'] === undefined)
      tell([...path, 'optional'], 'it stands in the path, and cannot be left out')
    if (place.in === 'query' && fixed.includes(place.name))
      tell(path, 'the query has this already, from the source or the request.', 'key')
    if (place.in === 'body') {
      if (!isWriting(line.method)) tell([...path, 'in'], `${line.method} has no body`)
      if (inBody.has(place.name)) tell(path, 'the body has this already.', 'key')
      inBody.add(place.name)
    }
    if (place.in !== 'header') continue
    if (isWriting(line.method) && place.name.toLowerCase() === 'content-type')
      tell(
        path,
        'the body is JSON; another type of that belongs in `headers` of the source.',
        'key',
      )
    if (isReservedHeader(place.name) || !/^[\w-]+$/.test(place.name))
      tell(path, 'this is no header that a call may set.', 'key')
    if (headers.includes(place.name.toLowerCase()))
      tell(path, 'the source sends this header already.', 'key')
  }
}

/** In the path where a placeholder has its name, else where the method has it, unless it says otherwise. */
function placeOf(
  name: string,
  parameter: WrittenParameter,
  { method, placeholders }: Pick<RequestLine, 'method' | 'placeholders'>,
): Place {
  const called = parameter.as ?? name
  const where = parameter.in ?? usualPlace(method)
  return toPlace(placeholders.includes(called) ? 'path' : where, called)
}

/** Of a tool without mistakes. */
export function toEndpoint({ request = '', parameters = {} }: WrittenTool): Endpoint {
  const line = parseRequestLine(request)
  const { method = '', path = '', query = '', placeholders = [] } = line ?? {}
  return {
    method: isMethod(method) ? method : 'GET',
    path,
    query,
    places: Object.fromEntries(
      Object.entries(parameters).map(([name, one]) => [
        name,
        placeOf(name, one, { method, placeholders }),
      ]),
    ),
  }
}

export function toParameters(
  written: Readonly<Record<string, WrittenParameter>> = {},
): Record<string, DeclaredParameter> {
  return Object.fromEntries(
    Object.entries(written).map(
      ([name, { optional = false, claim, in: _in, as: _as, ...schema }]) => [
        name,
        { schema, isOptional: optional || Object.hasOwn(schema, 'default'), claim },
      ],
    ),
  )
}
