/** Changes to the text of a client's configuration. Pure; comments, order and layout stay. */
import {
  applyEdits,
  type FormattingOptions,
  getNodeValue,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../base/error.ts'

/** How a client starts a server. */
export interface Entry {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Place {
  readonly serversKey: string
  readonly name: string
}

/** The text with the entry in it; the same text where it already is. */
export function putEntry(text: string, place: Place, entry: Entry): string {
  const found = entryIn(text, place)
  return isDeepStrictEqual(found, entry) ? text : change(text, place, entry)
}

/** The text without the entry; the same text where there is none. */
export const takeEntry = (text: string, place: Place): string =>
  entryIn(text, place) === undefined ? text : change(text, place, undefined)

/** Names of the entries that start this program, from wherever it is installed. */
export function ownEntries(text: string, serversKey: string): string[] {
  const root = parse(text)
  const servers = root?.type === 'object' ? propertyOf(root, serversKey) : undefined
  const entries = (servers === undefined ? {} : getNodeValue(servers)) as Record<
    string,
    Partial<Entry>
  >
  return Object.entries(entries)
    .filter(([, entry]) => isOwn(entry.args ?? []))
    .map(([name]) => name)
}

function isOwn(args: readonly string[]): boolean {
  const program = args[args.indexOf('serve') - 1] ?? ''
  return /^vitrine(?:@.*)?$|[\\/]vitrine[\\/].*main\.js$|[\\/]cli[\\/]main\.js$/.test(program)
}

/**
 * The entry of that name, if there is one.
 * @throws AppError `client_config` where the text is not what a client would read
 */
function entryIn(text: string, { serversKey, name }: Place): unknown {
  const root = parse(text)
  if (root === undefined) return undefined
  if (root.type !== 'object') throw broken('it is not a JSON object', text, root.offset)
  const servers = propertyOf(root, serversKey)
  if (servers !== undefined && servers.type !== 'object') {
    throw broken(`"${serversKey}" is not an object`, text, servers.offset)
  }
  const entry = servers === undefined ? undefined : propertyOf(servers, name)
  return entry === undefined ? undefined : (getNodeValue(entry) as unknown)
}

function parse(text: string): Node | undefined {
  const errors: ParseError[] = []
  const root = parseTree(withoutMark(text), errors, { allowTrailingComma: true })
  const [first] = errors
  if (first === undefined || withoutMark(text).trim() === '') return root
  const what = printParseErrorCode(first.error)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  throw broken(`it is not JSON (${what})`, text, first.offset)
}

/** The last of equal keys, which is the one a client reads. */
const propertyOf = (node: Node, key: string): Node | undefined =>
  node.children?.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1]

function change(text: string, { serversKey, name }: Place, entry: Entry | undefined): string {
  const mark = text.slice(0, text.length - withoutMark(text).length)
  const body = withoutMark(text)
  const formattingOptions = formatOf(body)
  if (body.trim() === '') {
    return `${mark}${JSON.stringify({ [serversKey]: { [name]: entry } }, undefined, 2)}\n`
  }
  const path: JSONPath = [serversKey, name]
  return mark + applyEdits(body, modify(body, path, entry, { formattingOptions }))
}

/** As the file is: tabs or so many spaces, and its ends of line. */
function formatOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')

function broken(what: string, text: string, offset: number): AppError {
  const lines = withoutMark(text).slice(0, offset).split('\n')
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
  return new AppError(
    'client_config',
    `The client's configuration cannot be changed: ${what}, ${place}.`,
  )
}
