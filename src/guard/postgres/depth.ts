import { tooDeep } from './refusals.ts'
import type { Token } from './scan.ts'

/**
 * The grammar's output recurses in WebAssembly, which does not survive an overflow of the stack. The
 * shallowest trees that bring it about have 5,400 levels and more than 9,400 tokens.
 */
const deepest = 3000

/** @throws AppError `statement_refused` where the tree could become too deep for the parser */
export function refuseDepth(tokens: readonly Token[]): void {
  if (depthOf(tokens) > deepest) throw tooDeep()
}

/**
 * How deep the tree of a statement can become at most, in expressions, said before it is parsed.
 * PostgreSQL's grammar limits what nests to the right; what nests to the left, such as
 * `1 + 1 + 1 …`, has no limit.
 */
export function depthOf(tokens: readonly Token[]): number {
  const levels = [new Level('(')]
  let before: Token | undefined
  for (const token of tokens) {
    read(levels, token, before)
    before = token
  }
  while (levels.length > 1) close(levels)
  return levels[0]?.depth ?? 0
}

/** What stands between two brackets, or between CASE and END. */
class Level {
  readonly opening: '(' | 'CASE'
  /** Set operations nest to the left over everything here, joins over what stands between two commas. */
  #setOperations = 0
  #joins = 0
  /** Tokens since something that no chain of operators goes across, and the deepest bracket among them. */
  #tokens = 0
  #inside = 0
  #deepestPart = 0
  #deepestItem = 0
  /** BETWEEN whose AND has not come yet. */
  #between = 0

  constructor(opening: '(' | 'CASE') {
    this.opening = opening
  }

  get depth(): number {
    this.endItem()
    return this.#setOperations + this.#deepestItem
  }

  count(tokens: number): void {
    this.#tokens += tokens
  }

  take(inner: Level): void {
    this.#inside = Math.max(this.#inside, inner.depth + 1)
  }

  join(): void {
    this.#joins++
    this.#tokens++
  }

  setOperation(): void {
    this.endItem()
    this.#setOperations++
  }

  between(): void {
    this.#between++
    this.#tokens++
  }

  /** The grammar makes one flat list of all that AND and OR join. */
  and(): void {
    if (this.#between > 0) this.#between--
    else this.endPart()
  }

  endPart(): void {
    this.#deepestPart = Math.max(this.#deepestPart, this.#tokens + this.#inside)
    this.#tokens = 0
    this.#inside = 0
  }

  endItem(): void {
    this.endPart()
    this.#deepestItem = Math.max(this.#deepestItem, this.#joins + this.#deepestPart)
    this.#joins = 0
    this.#deepestPart = 0
    this.#between = 0
  }
}

/** Words count for what they are only where they are reserved and no name of a column. */
function read(levels: Level[], token: Token, before: Token | undefined): void {
  const level = levels.at(-1) ?? new Level('(')
  const { kind, text } = token
  if (text === '(' || text === '[') levels.push(new Level('('))
  else if (text === ')' || text === ']') closeBracket(levels)
  else if (text === ',' || text === ';') level.endItem()
  else if (text === '.') return
  else if (kind === 'operator') level.count(operatorsIn(text))
  else if (kind === 'word' && before?.text !== '.') readWord(levels, level, text.toUpperCase())
  else if (before?.text !== '.') level.count(1)
}

function readWord(levels: Level[], level: Level, word: string): void {
  const isCase = level.opening === 'CASE'
  if (word === 'AND') level.and()
  else if (word === 'OR') level.endPart()
  else if (word === 'BETWEEN') level.between()
  else if (word === 'JOIN') level.join()
  else if (word === 'UNION' || word === 'INTERSECT' || word === 'EXCEPT') level.setOperation()
  else if (word === 'CASE') levels.push(new Level('CASE'))
  else if (isCase && (word === 'WHEN' || word === 'THEN' || word === 'ELSE')) level.endPart()
  else if (isCase && word === 'END') close(levels)
  else level.count(1)
}

/** A run of signs may be one operator, or a sum of signs before a number. */
const operatorsIn = (run: string): number =>
  /[+-]$/.test(run) && !/[~!@#%^&|`?]/.test(run) ? run.length : 1

function closeBracket(levels: Level[]): void {
  while (levels.at(-1)?.opening === 'CASE') close(levels)
  close(levels)
}

function close(levels: Level[]): void {
  const inner = levels.length > 1 ? levels.pop() : undefined
  if (inner !== undefined) levels.at(-1)?.take(inner)
}
