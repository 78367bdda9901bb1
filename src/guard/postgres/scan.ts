import { AppError } from '../../base/error.ts'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'operator' | 'mark'
  /** Offsets in bytes. */
  readonly start: number
  readonly end: number
  /** One character for each byte. */
  readonly text: string
}

/** PostgreSQL takes no longer name, of an operator as of anything else. */
const longestName = 63

/**
 * How many characters of operators PostgreSQL's lexer may look at, again and again: it takes a whole
 * run of them at each operator and at each comment, and gives most of it back.
 */
const mostOperatorWork = 5_000_000

/**
 * The words of a text as PostgreSQL's lexer finds them, without comments, in time that grows with the
 * text. What that lexer refuses may come out as anything.
 * @throws AppError `statement_refused` where that lexer would take too long
 */
export function scan(text: string): Token[] {
  return new Scanner(Buffer.from(text).toString('latin1')).tokens()
}

class Scanner {
  readonly #text: string
  #at = 0
  #runEnd = 0
  #operatorWork = 0

  constructor(text: string) {
    this.#text = text
  }

  tokens(): Token[] {
    const tokens: Token[] = []
    while (this.#at < this.#text.length) {
      const start = this.#at
      const kind = this.#next()
      if (kind === undefined) continue
      tokens.push({ kind, start, end: this.#at, text: this.#text.slice(start, this.#at) })
    }
    return tokens
  }

  /** Moves behind the next token, comment or blank; undefined for the last two. */
  #next(): Token['kind'] | undefined {
    const character = this.#text.charAt(this.#at)
    if (this.#take(/[ \t\n\r\f\v]+/y) || this.#take(/--[^\n\r]*/y)) return undefined
    if (operatorCharacters.test(character)) return this.#operatorOrComment()
    if (this.#take(/[Ee](?=')/y)) return this.#string(() => this.#escaped())
    // Without what stands before it, the quote begins as any other.
    this.#take(/(?:U&(?=['"])|[BX](?='))/iy)
    const quote = this.#text.charAt(this.#at)
    if (quote === "'") return this.#string(() => this.#quoted(quote))
    if (quote === '"') return this.#name()
    if (this.#take(/[a-z_\x80-\xff][\w$\x80-\xff]*/iy)) return 'word'
    if (this.#take(number)) return 'number'
    if (character === '$') return this.#dollar()
    this.#take(/::|:=|\.\.|[^]/y)
    return 'mark'
  }

  #operatorOrComment(): Token['kind'] | undefined {
    const start = this.#at
    const run = this.#operatorRun()
    if (this.#text.startsWith('/*', start)) {
      this.#comment()
      return undefined
    }
    const comment = this.#text.slice(start, run).search(/--|\/\*/)
    const length = comment === -1 ? run - start : comment
    this.#at += length
    if (length > longestName) throw tooManyOperators()
    // Taken apart into as many operators, each time from a look at the whole run.
    this.#work((run - start) * length)
    return 'operator'
  }

  #comment(): void {
    let depth = 0
    do {
      if (this.#text.startsWith('/*', this.#at)) {
        depth++
        this.#work(this.#operatorRun() - this.#at)
        this.#at += 2
      } else if (this.#text.startsWith('*/', this.#at)) {
        depth--
        this.#at += 2
      } else {
        this.#at++
        this.#take(/[^*/]+/y)
      }
    } while (depth > 0 && this.#at < this.#text.length)
  }

  /** Where the run of operator characters ends that the place is in. */
  #operatorRun(): number {
    if (this.#runEnd > this.#at) return this.#runEnd
    const run = /[~!@#^&|`?+\-*/%<>=]*/y
    run.lastIndex = this.#at
    run.test(this.#text)
    this.#runEnd = run.lastIndex
    return this.#runEnd
  }

  #work(characters: number): void {
    this.#operatorWork += characters
    if (this.#operatorWork > mostOperatorWork) throw tooManyOperators()
  }

  /** From its quote on, with what goes on behind a line break; this lexer sees an end at a comment. */
  #string(readPart: () => void): Token['kind'] {
    const blank = /[ \t\n\r\f\v]*/y
    for (;;) {
      readPart()
      blank.lastIndex = this.#at
      blank.test(this.#text)
      const next = blank.lastIndex
      const goesOn = this.#text.charAt(next) === "'"
      if (!goesOn || !/[\n\r]/.test(this.#text.slice(this.#at, next))) return 'string'
      this.#at = next
    }
  }

  #name(): Token['kind'] {
    this.#quoted('"')
    return 'quoted'
  }

  #quoted(quote: string): void {
    do {
      const end = this.#text.indexOf(quote, this.#at + 1)
      this.#at = end === -1 ? this.#text.length : end + 1
    } while (this.#text.charAt(this.#at) === quote)
  }

  /** With backslashes. */
  #escaped(): void {
    this.#at++
    while (this.#at < this.#text.length) {
      this.#take(/[^'\\]+/y)
      const character = this.#text.charAt(this.#at)
      const isPair = character === '\\' || this.#text.startsWith("''", this.#at)
      this.#at += isPair ? 2 : 1
      if (character === "'" && !isPair) return
    }
  }

  #dollar(): Token['kind'] {
    const start = this.#at
    if (this.#take(/\$\d+/y)) return 'number'
    if (!this.#take(/\$(?:[a-z_\x80-\xff][a-z0-9_\x80-\xff]*)?\$/iy)) {
      this.#at++
      return 'mark'
    }
    const tag = this.#text.slice(start, this.#at)
    const end = this.#text.indexOf(tag, this.#at)
    this.#at = end === -1 ? this.#text.length : end + tag.length
    return 'string'
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.test(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }
}

const number = /0[xbo][\da-f_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?/iy

const operatorCharacters = /[~!@#^&|`?+\-*/%<>=]/

const tooManyOperators = (): AppError =>
  new AppError('statement_refused', 'The statement has too long a run of operator characters.', {
    hint: 'Put blanks between operators, and leave out comments that are made of signs.',
  })
