import { AppError } from '../../base/error.ts'
import { isMember, isName, isSymbol, isWord, type Token } from './tokens.ts'
import { afterTableWords, clauseWords, parenthesisWords, typeWords } from './words.ts'

/** What a statement's text reaches for. */
export interface References {
  /** Every name that stands where a table may stand, with its database before it where one is written. */
  readonly tables: readonly PlacedReference[]
  readonly calls: readonly Call[]
  /** Names that a WITH defines. */
  readonly commonTables: readonly string[]
}

export interface TableReference {
  readonly schema: string | undefined
  readonly name: string
}

/** Such a reference, and where in the text it stands. */
export interface PlacedReference extends TableReference {
  readonly start: number
  readonly end: number
  /** A name of its own follows. */
  readonly hasAlias: boolean
  /** In `TABLE name`, where nothing else may stand in for it. */
  readonly isStatement: boolean
}

export interface Call {
  readonly name: string
  /** In back-ticks or behind a database: then it is a stored function, never a built-in one. */
  readonly stored: boolean
  readonly hasArguments: boolean
}

/** What a pair of parentheses, or the statement around them, is about. */
interface Frame {
  /** A query once a SELECT, VALUES or TABLE was seen in it. */
  isQuery: boolean
  /** Inside a FROM clause: commas go on with tables. */
  inFrom: boolean
  /** A table comes next. */
  expects: boolean
  /** The body of a common table expression: another may follow it. */
  readonly isCommonTable: boolean
  /** The function whose arguments these are. */
  readonly call: string | undefined
  /** Somewhere inside the arguments of JSON_TABLE. */
  readonly inJsonTable: boolean
}

/**
 * Follows a statement's clauses by its reserved words, which are never names unless quoted. Where it
 * cannot tell, it takes a name for a table and a parenthesis for a call: rather one too many.
 */
export function findReferences(tokens: readonly Token[], isQuery = true): References {
  return new Walk(tokens, isQuery).run()
}

class Walk {
  readonly #tokens: readonly Token[]
  readonly #tables: PlacedReference[] = []
  readonly #calls: Call[] = []
  readonly #commonTables: string[] = []
  readonly #frames: Frame[]
  #at = 0

  constructor(tokens: readonly Token[], isQuery: boolean) {
    this.#tokens = tokens
    this.#frames = [newFrame({ isQuery })]
  }

  run(): References {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at]
      if (isSymbol(token, '(')) this.#open()
      else if (isSymbol(token, ')')) this.#close()
      else if (this.#frame.expects) this.#readTable()
      else if (isSymbol(token, ',') && this.#frame.inFrom) this.#frame.expects = true
      else if (token?.kind === 'word' && !isMember(this.#tokens, this.#at)) this.#readWord(token)
      this.#at++
    }
    return { tables: this.#tables, calls: this.#calls, commonTables: this.#commonTables }
  }

  get #frame(): Frame {
    return this.#frames.at(-1) ?? newFrame({})
  }

  #peek(offset: number): Token | undefined {
    return this.#tokens[this.#at + offset]
  }

  #open(): void {
    const { expects } = this.#frame
    this.#frame.expects = false
    // A parenthesis where a table stands holds tables or a query, and no call is before it.
    const call = expects ? undefined : this.#noteCall()
    const inJsonTable = this.#frame.inJsonTable || call === 'json_table'
    this.#frames.push(newFrame({ inFrom: expects, expects, call, inJsonTable }))
  }

  #close(): void {
    const closed = this.#frames.pop()
    if (this.#frames.length === 0) throw new AppError('syntax_error', 'A ")" has no "(" before it.')
    if (closed?.isCommonTable !== true) return
    while (isWord(this.#peek(1), 'CYCLE')) this.#skipCycle()
    if (isSymbol(this.#peek(1), ',')) {
      this.#at++
      this.#openCommonTable()
    }
  }

  /** MariaDB: `CYCLE a, b RESTRICT` behind the body of a recursive expression. */
  #skipCycle(): void {
    this.#at++
    while (this.#at < this.#tokens.length && !isWord(this.#peek(0), 'RESTRICT')) this.#at++
  }

  /** `name [(columns)] AS (`, from the token before the name; leaves off at the parenthesis. */
  #openCommonTable(): void {
    const name = this.#peek(1)
    if (!isName(name)) throw new AppError('syntax_error', 'A name is missing behind WITH.')
    this.#commonTables.push(name.text)
    this.#at += 2
    if (isSymbol(this.#peek(0), '(')) {
      while (this.#at < this.#tokens.length && !isSymbol(this.#peek(0), ')')) this.#at++
      this.#at++
    }
    if (!isWord(this.#peek(0), 'AS') || !isSymbol(this.#peek(1), '('))
      throw new AppError('syntax_error', `"AS (" is missing behind WITH ${name.text}.`)
    this.#at++
    this.#frames.push(newFrame({ isCommonTable: true }))
  }

  /** A name where a table may stand; a keyword there leaves the clause as it is. */
  #readTable(): void {
    const token = this.#peek(0)
    if (isWord(token, 'LATERAL') && isSymbol(this.#peek(1), '(')) return
    // ODBC: { OJ a LEFT OUTER JOIN b ON … }
    if (isSymbol(token, '{')) return void this.#at++
    if (isSymbol(token, '.')) return
    this.#frame.expects = false
    if (!isName(token) || (token.kind === 'word' && clauseWords.has(token.upper))) {
      if (token?.kind === 'word') this.#readWord(token)
      return
    }
    const isStatement = isWord(this.#peek(-1), 'TABLE')
    const next = isSymbol(this.#peek(1), '.') ? this.#peek(2) : undefined
    const after = this.#peek(next === undefined ? 1 : 3)
    if (next !== undefined) this.#at += 2
    // `FROM f(…)` is a call, and whatever else it is, it is no table.
    if (isSymbol(after, '(')) return
    this.#tables.push({
      schema: next === undefined ? undefined : token.text,
      name: next?.text ?? token.text,
      start: token.start,
      end: next?.end ?? token.end,
      hasAlias: isName(after) && (after.kind === 'name' || isAlias(after)),
      isStatement,
    })
  }

  #readWord({ upper }: Token): void {
    const frame = this.#frame
    const follows = (word: string): boolean => this.#isClause(-1, word)
    switch (upper) {
      case 'SELECT':
      case 'VALUES':
        if (upper === 'VALUES' && isSymbol(this.#peek(1), '(') && !this.#startsQuery()) return
        Object.assign(frame, { isQuery: true, inFrom: false })
        return
      case 'TABLE':
        Object.assign(frame, { isQuery: true, inFrom: true, expects: true })
        return
      case 'WITH':
        if (this.#startsQuery()) this.#openWith()
        return
      case 'FROM':
        // Not in EXTRACT(… FROM …) and its like, nor in FOR SYSTEM_TIME FROM … TO ….
        if (frame.isQuery && !(follows('SYSTEM_TIME') && this.#isClause(-2, 'FOR')))
          Object.assign(frame, { inFrom: true, expects: true })
        return
      case 'JOIN':
        // USE INDEX FOR JOIN (…)
        if (!follows('FOR')) Object.assign(frame, { inFrom: true, expects: true })
        return
      case 'STRAIGHT_JOIN':
        if (frame.inFrom) frame.expects = true
        return
      case 'WHERE':
      case 'GROUP':
      case 'HAVING':
      case 'ORDER':
      case 'LIMIT':
        // USE INDEX FOR ORDER BY (…) stands inside the FROM clause.
        if (!follows('FOR')) frame.inFrom = false
        return
      case 'WINDOW':
        if (isWord(this.#peek(2), 'AS') && isSymbol(this.#peek(3), '(')) frame.inFrom = false
    }
  }

  /** True where this word stands there as a word of the language, and not as a part of a name. */
  #isClause(offset: number, ...words: readonly string[]): boolean {
    return isWord(this.#peek(offset), ...words) && !isMember(this.#tokens, this.#at + offset)
  }

  /** True at the first token of a statement or of a parenthesis, or behind a set operation. */
  #startsQuery(): boolean {
    const previous = this.#peek(-1)
    return (
      previous === undefined ||
      isSymbol(previous, '(') ||
      this.#isClause(-1, 'UNION', 'ALL', 'DISTINCT', 'EXCEPT', 'INTERSECT')
    )
  }

  #openWith(): void {
    if (isWord(this.#peek(1), 'RECURSIVE') && isName(this.#peek(2))) this.#at++
    this.#openCommonTable()
  }

  /** The function that is called by the parenthesis here, if it is one. */
  #noteCall(): string | undefined {
    const token = this.#peek(-1)
    if (!isName(token) || this.#isNoCall(token)) return undefined
    const stored = token.kind === 'name' || isMember(this.#tokens, this.#at - 1)
    this.#calls.push({ name: token.text, stored, hasArguments: !isSymbol(this.#peek(1), ')') })
    return token.text.toLowerCase()
  }

  #isNoCall({ kind, upper }: Token): boolean {
    const before = this.#peek(-2)
    // An alias with its columns, a window, a type: AS is never before a call.
    if (isWord(before, 'AS') && !isMember(this.#tokens, this.#at - 2)) return true
    if (isSymbol(before, ')') && this.#frame.inFrom) return true
    if (kind !== 'word' || isMember(this.#tokens, this.#at - 1)) return false
    const { inJsonTable } = this.#frame
    const isType = typeWords.has(upper)
    switch (upper) {
      case 'ANY':
      case 'SOME':
        return before?.kind === 'symbol' && /[=<>]/.test(before.text)
      case 'AGAINST':
        return isSymbol(before, ')')
      case 'OF':
        return isWord(before, 'MEMBER')
      case 'ROW':
        return true
      case 'COLUMNS':
        return inJsonTable && before?.kind === 'string'
    }
    if (isType && inJsonTable && isName(before)) return true
    if (isType && this.#frame.call === 'convert' && isSymbol(before, ',')) return true
    return parenthesisWords.has(upper)
  }
}

/** True for the word AS, and for a word that no clause begins with. */
const isAlias = ({ upper }: Token): boolean =>
  upper === 'AS' || !(clauseWords.has(upper) || afterTableWords.has(upper))

const newFrame = (change: Partial<Frame>): Frame => ({
  isQuery: false,
  inFrom: false,
  expects: false,
  isCommonTable: false,
  call: undefined,
  inJsonTable: false,
  ...change,
})
