/** What a tool asks of an API: one method, one path with placeholders, and where each value goes. */
import { isWriting, type Method } from './method.ts'

/**
 * How a list or an object is spelt (OpenAPI 3.1, style values); `json` for one that is written as JSON, `whole`
 * for one that is the body itself.
 */
export type Style =
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'simple'
  | 'json'
  | 'whole'

/** Where the value of a parameter goes. */
export interface Place {
  readonly in: 'path' | 'query' | 'header' | 'body'
  /** As the API calls it. */
  readonly name: string
  readonly style: Style
  /** Of a list in the query: each item a parameter of its own. */
  readonly explode: boolean
}

export interface Endpoint {
  readonly method: Method
  /** Begins with a slash; `{name}` stands for a value. */
  readonly path: string
  /** Put into every query, encoded. */
  readonly query: string
  /** Of each parameter, by the name that a model calls it. */
  readonly places: Readonly<Record<string, Place>>
}

/** `GET /invoices/{id}?expand=lines`, read. */
export interface RequestLine {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly placeholders: readonly string[]
}

const linePattern = /^([A-Z]+) (\/[^\s?#]*)(?:\?([^\s#]*))?$/

const placeholderPattern = /\{([^{}/]*)\}/g

/** Undefined where it is none: no method in capitals, no path that begins with a slash, stray braces, dots. */
export function parseRequestLine(written: string): RequestLine | undefined {
  const [, method, path, query = ''] = linePattern.exec(written.trim()) ?? []
  if (method === undefined || path === undefined || !isPath(path)) return undefined
  return { method, path, query, placeholders: placeholdersOf(path) }
}

export const placeholdersOf = (path: string): string[] =>
  [...path.matchAll(placeholderPattern)].map(([, name = '']) => name)

/** True for a path that a URL takes as it is, its placeholders aside. */
export function isPath(path: string): boolean {
  const filled = path.replaceAll(placeholderPattern, 'x')
  if (!/^\/[\w\-.~!$&'()*+,;=:@/]*$/.test(filled)) return false
  return new URL(filled, 'http://x').pathname === filled
}

export const toPlace = (where: Place['in'], name: string): Place => ({
  in: where,
  name,
  style: styles[where],
  explode: where === 'query',
})

const styles: Readonly<Record<Place['in'], Style>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  body: 'json',
}

/** Where a value goes that nothing is said of: what is sent with DELETE besides its URL means nothing to most. */
export const usualPlace = (method: string): 'query' | 'body' =>
  isWriting(method) && method !== 'DELETE' ? 'body' : 'query'

/** As the record has it: never a value. */
export const toPattern = ({ method, path }: Endpoint): string => `${method} ${path}`
