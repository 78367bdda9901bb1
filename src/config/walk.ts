import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Flaw, Path, Span } from './flaw.ts'
import { dollarPattern, type Filled, fillVariables } from './variables.ts'

export interface WalkOptions {
  readonly text: string
  readonly lines: LineCounter
  readonly env: NodeJS.ProcessEnv
}

/** A text with variables in it, as it was written and as it was filled in. */
export interface FilledScalar extends Filled {
  readonly written: string
}

/**
 * Goes once through a document: fills variables into values (never into keys, and after the
 * structure is settled), and notes doubled keys, bad aliases and variables that are not set.
 */
export class Walk {
  readonly flaws: Flaw[] = []
  readonly filled = new Map<Scalar, FilledScalar>()
  readonly targets = new Map<Alias, Node>()
  readonly #options: WalkOptions
  readonly #anchors = new Map<string, Node>()
  readonly #entered = new Set<Node>()

  constructor(options: WalkOptions) {
    this.#options = options
  }

  enter(node: Node | null, path: Path): void {
    if (node === null) return
    if (isAlias(node)) return this.#follow(node, path)
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    this.#entered.add(node)
    if (isScalar(node)) this.#fill(node, path)
    if (isMap<Node, Node | null>(node)) this.#enterMap(node, path)
    if (isSeq<Node>(node)) node.items.forEach((item, index) => this.enter(item, [...path, index]))
    this.#entered.delete(node)
  }

  #follow(alias: Alias, path: Path): void {
    const target = this.#anchors.get(alias.source)
    if (target === undefined) {
      return this.#note(alias, path, `no value before this one is anchored as &${alias.source}.`)
    }
    if (this.#entered.has(target)) {
      return this.#note(alias, path, `&${alias.source} cannot stand inside itself.`)
    }
    this.targets.set(alias, target)
  }

  #fill(scalar: Scalar, path: Path): void {
    const written = scalar.value
    if (typeof written !== 'string' || !written.includes('$')) return
    const filled = fillVariables(written, this.#options.env)
    const [start, end] = spanOf(scalar)
    const raw = [...this.#options.text.slice(start, end).matchAll(dollarPattern)]
    for (const { index, message } of filled.problems) {
      const match = raw[index]
      const from = start + (match?.index ?? 0)
      this.flaws.push({
        path,
        span: match ? [from, from + match[0].length] : [start, end],
        message,
      })
    }
    this.filled.set(scalar, { ...filled, written })
    scalar.value = filled.text
  }

  #enterMap(map: YAMLMap<Node, Node | null>, path: Path): void {
    const seen = new Map<string, Node>()
    for (const { key, value } of map.items) {
      const name = keyOf(key)
      const first = seen.get(name)
      // Validation would pass over this one in silence: as a key of a map it is no data.
      if (name === '__proto__') this.#note(key, [...path, name], 'this cannot be a key.')
      if (first === undefined) seen.set(name, key)
      else this.#note(key, [...path, name], `this key is already in line ${this.#lineOf(first)}.`)
      this.enter(value, [...path, name])
    }
  }

  #lineOf(node: Node): number {
    return this.#options.lines.linePos(spanOf(node)[0]).line
  }

  #note(node: Node, path: Path, message: string): void {
    this.flaws.push({ path, span: spanOf(node), message })
  }
}

/** Keys are scalars; the parser sees to it. */
export const keyOf = (key: Node): string => (isScalar(key) ? String(key.value) : '')

export const spanOf = ({ range }: Node): Span => [range?.[0] ?? 0, range?.[1] ?? 0]
