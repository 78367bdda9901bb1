/** Changes to the text of a client's configuration. Pure; what is not ours stays to the letter. */
import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../base/error.ts'
import { isObject } from '../base/is-object.ts'
import { insertProperty, removeProperty, replaceValue } from './json-text.ts'

/** How a client starts a server. */
export interface Entry {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A client's configuration, as far as it is about servers. */
export interface Servers {
  /** For messages. */
  readonly path: string
  readonly text: string
  readonly serversKey: string
}

/**
 * Every entry by its name, in the order of the file.
 * @throws AppError `client_config` where the text is not what a client would read
 */
export function entriesOf(servers: Servers): ReadonlyMap<string, unknown> {
  const root = rootOf(servers)
  const node = root === undefined ? undefined : serversIn(root, servers)
  const names = (node?.children ?? []).map(({ children }) => String(children?.[0]?.value))
  return new Map(names.map((name) => [name, valueOf(node, name)]))
}

/** The text with the entry in it; what else an entry of that name says stays. */
export function putEntry(servers: Servers, name: string, entry: Entry): string {
  const root = rootOf(servers)
  const body = withoutMark(servers.text)
  if (root === undefined || isBlank(body))
    return markOf(servers.text) + freshText(servers, name, entry)
  const node = serversIn(root, servers)
  return markOf(servers.text) + putInto({ body, root, node }, servers.serversKey, [name, entry])
}

/** The text without the entry; the same text where there is none. */
export function takeEntry(servers: Servers, name: string): string {
  const root = rootOf(servers)
  const node = root === undefined ? undefined : serversIn(root, servers)
  const property = node === undefined ? undefined : propertyOf(node, name)
  if (node === undefined || property === undefined) return servers.text
  const body = withoutMark(servers.text)
  return markOf(servers.text) + removeProperty(body, node, property)
}

interface Parsed {
  readonly body: string
  readonly root: Node
  readonly node: Node | undefined
}

function putInto(
  { body, root, node }: Parsed,
  key: string,
  [name, entry]: [string, Entry],
): string {
  if (node === undefined) return insertProperty(body, root, [key, { [name]: entry }])
  const found = propertyOf(node, name)?.children?.[1]
  if (found === undefined) return insertProperty(body, node, [name, entry])
  return found.type === 'object'
    ? mergeInto(body, [key, name], entry)
    : replaceValue(body, found, entry)
}

/** Sets each property of the value in the object of that path, and leaves its others. */
function mergeInto(body: string, path: readonly string[], value: object): string {
  return Object.entries(value).reduce((text, [key, wanted]) => {
    const object = nodeAt(text, path)
    const found = object && propertyOf(object, key)?.children?.[1]
    if (object === undefined) return text
    if (found === undefined) return insertProperty(text, object, [key, wanted])
    if (isDeepStrictEqual(getNodeValue(found), wanted)) return text
    return found.type === 'object' && isObject(wanted)
      ? mergeInto(text, [...path, key], wanted)
      : replaceValue(text, found, wanted)
  }, body)
}

const nodeAt = (text: string, path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>(
    (node, key) => node && propertyOf(node, key)?.children?.[1],
    parseTree(text, [], { allowTrailingComma: true }),
  )

/** A file that holds nothing but an empty object is written anew. */
const isBlank = (body: string): boolean => /^\s*(?:\{\s*\}\s*)?$/.test(body)

const freshText = ({ serversKey }: Servers, name: string, entry: Entry): string =>
  `${JSON.stringify({ [serversKey]: { [name]: entry } }, undefined, 2)}\n`

/** The last of equal keys, which is the one a client reads. */
const propertyOf = (node: Node, key: string): Node | undefined =>
  node.children?.findLast(({ children }) => children?.[0]?.value === key)

function valueOf(node: Node | undefined, key: string): unknown {
  const value = node && propertyOf(node, key)?.children?.[1]
  return value === undefined ? undefined : (getNodeValue(value) as unknown)
}

function serversIn(root: Node, servers: Servers): Node | undefined {
  if (root.type !== 'object') throw broken('it is not a JSON object', servers, root.offset)
  const node = propertyOf(root, servers.serversKey)?.children?.[1]
  if (node === undefined || node.type === 'object') return node
  throw broken(`"${servers.serversKey}" is not an object`, servers, node.offset)
}

function rootOf(servers: Servers): Node | undefined {
  const body = withoutMark(servers.text)
  const errors: ParseError[] = []
  const root = parseTree(body, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first === undefined || body.trim() === '') return root
  const what = printParseErrorCode(first.error)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  throw broken(`it is not JSON (${what})`, servers, first.offset)
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')

const markOf = (text: string): string => text.slice(0, text.length - withoutMark(text).length)

function broken(what: string, { path, text }: Servers, offset: number): AppError {
  const lines = withoutMark(text).slice(0, offset).split('\n')
  const place = `${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
  return new AppError('client_config', `${place} cannot be changed: ${what}.`)
}
