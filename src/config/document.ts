/** The text of a configuration: its values, with variables filled in, and where each one stands. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml'
import type { Flaw, Path, Span } from './flaw.ts'
import { type FilledScalar, keyOf, spanOf, Walk } from './walk.ts'

export interface ConfigDocument {
  /** What is no YAML. Where there is any, nothing else can be relied on. */
  readonly errors: readonly YAMLError[]
  readonly flaws: readonly Flaw[]
  readonly value: unknown
  readonly lines: LineCounter
  /** Names of the environment variables that its values ask for. */
  readonly variables: readonly string[]
  entryAt(path: Path): Entry
}

/** What stands at a path. */
export interface Entry {
  /** False where nothing does; `key` is then that of the nearest parent. */
  readonly exists: boolean
  readonly key: Span
  readonly value: Span
  /** The value with variables not filled in: that one may be shown. */
  readonly written: unknown
  /** The value if it is text, with variables filled in; undefined where one of them is not set. */
  readonly text: string | undefined
  /** How variables were filled in, if any were. */
  readonly filled: FilledScalar | undefined
}

/** The most that one anchor may be used: a small file could otherwise stand for a huge one. */
const mostAliases = 100

export function readDocument(text: string, env: NodeJS.ProcessEnv): ConfigDocument {
  const lines = new LineCounter()
  const document = parse(text, lines)
  const errors = [...document.errors, ...document.warnings]
  if (errors.length > 0) {
    return { errors, flaws: [], value: undefined, lines, variables: [], entryAt: () => nowhere }
  }
  const walk = new Walk({ text, lines, env })
  walk.enter(document.contents, [])
  return {
    errors,
    lines,
    variables: [...new Set([...walk.filled.values()].flatMap(({ variables }) => variables))],
    ...toValue(document, walk.flaws),
    entryAt: (path) => findEntry(document.contents, path, walk),
  }
}

/**
 * YAML 1.2 whatever a %YAML line says: in 1.1 `no` is false and `<<` merges. Doubled keys are left
 * to the walk, for the library compares each key with each other one.
 */
const parse = (text: string, lineCounter: LineCounter): Document.Parsed =>
  parseDocument(text, {
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter,
  })

/** The values, unless an alias leads nowhere or too many of them lead too far. */
function toValue(document: Document.Parsed, flaws: readonly Flaw[]) {
  try {
    return { flaws, value: document.toJS({ maxAliasCount: mostAliases }) as unknown }
  } catch {
    if (flaws.length > 0) return { flaws, value: undefined }
    const message = `an anchor is used more than ${mostAliases} times, all that it holds counted.`
    return { flaws: [{ path: [], span: nowhere.key, message }], value: undefined }
  }
}

const nowhere: Entry = {
  exists: false,
  key: [0, 0],
  value: [0, 0],
  written: undefined,
  text: undefined,
  filled: undefined,
}

function findEntry(root: Node | null, path: Path, walk: Walk): Entry {
  let entry = toEntry(root, nowhere.key, walk)
  let node = root
  for (const step of path) {
    const child = childOf(node, step)
    if (child === undefined) return { ...nowhere, key: entry.key, value: entry.key }
    node = isAlias(child.node) ? (walk.targets.get(child.node) ?? null) : child.node
    entry = toEntry(node, child.key, walk)
  }
  return entry
}

function childOf(
  node: Node | null,
  step: string | number,
): { node: Node | null; key: Span } | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.findLast(({ key }) => keyOf(key) === String(step))
    return pair && { node: pair.value, key: spanOf(pair.key) }
  }
  const item = isSeq<Node>(node) ? node.items[Number(step)] : undefined
  return item && { node: item, key: spanOf(item) }
}

/** A value of which nothing is written is where its key is. */
function toEntry(node: Node | null, key: Span, { filled }: Walk): Entry {
  const span = node === null ? key : spanOf(node)
  const content: unknown = isScalar(node) ? node.value : node?.toJSON()
  const variables = isScalar(node) ? filled.get(node) : undefined
  const isWhole = typeof content === 'string' && (variables?.problems.length ?? 0) === 0
  return {
    exists: true,
    key,
    value: span[0] === span[1] ? key : span,
    written: variables?.written ?? content,
    text: isWhole ? content : undefined,
    filled: variables,
  }
}
