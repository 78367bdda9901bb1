import { nodeShapes } from './node-shapes.ts'
import { stringsIn, textIn } from './node-texts.ts'
import type { Node } from './parse.ts'
import { otherDatabase, refused, tooDeep } from './refusals.ts'

/** A table, view or the like that a statement names, and that none of its common table expressions stands for. */
export interface NamedRelation {
  readonly schema: string | undefined
  readonly name: string
  /** What the statement calls it, where it calls it something else. */
  readonly alias: string | undefined
  /** Without the rows of tables that inherit from it. */
  readonly only: boolean
  /** Offset in bytes. */
  readonly location: number
  /** Names that stand before its own: the schema, and the database before it. */
  readonly qualifiers: number
}

/** A name that may be qualified: its last part, and the schema before it. */
export interface QualifiedName {
  readonly schema: string | undefined
  readonly name: string
}

/** A function where a statement calls it. */
export interface Call extends QualifiedName {
  readonly arguments: number
  /** The first argument, where it is written as a text. */
  readonly text: string | undefined
}

/** `qualifier.name`, or `(expression).name` where nothing says of what: a column, or a function called with it. */
export interface Attribute {
  readonly qualifier: string | undefined
  readonly name: string
}

/** Everything a statement names that may be code or rows, wherever it stands. */
export interface Inspection {
  readonly relations: NamedRelation[]
  readonly functions: Call[]
  readonly operators: QualifiedName[]
  readonly types: QualifiedName[]
  /** Names of columns read, and of columns that joins compare. */
  readonly columns: Set<string>
  readonly attributes: Attribute[]
  /** What subqueries, functions and common table expressions are called. */
  readonly otherAliases: Set<string>
  /** What joins are called. */
  readonly joinAliases: Set<string>
  /** What SHOW tells. */
  readonly settings: string[]
  /** Names that stand before those of schemas. */
  readonly databases: Set<string>
  /** Values are sorted, grouped or made distinct, by what their type is compared by. */
  compares: boolean
  /** `*`, `t.*`, or a join that compares columns it does not name. */
  readsAll: boolean
}

/** Names of the common table expressions that can be seen. */
type Scope = ReadonlySet<string>

const deepest = 2000

/**
 * Walks the whole tree of a statement or expression.
 *
 * @param placeholders how many values come with the statement
 * @throws AppError `statement_refused` at a node or field that is not in `nodeShapes`; `invalid_input` at a
 *   placeholder without a value
 */
export function inspect(tree: Node, placeholders = 0): Inspection {
  const found: Inspection = {
    relations: [],
    functions: [],
    operators: [],
    types: [],
    columns: new Set(),
    attributes: [],
    otherAliases: new Set(),
    joinAliases: new Set(),
    settings: [],
    databases: new Set(),
    compares: false,
    readsAll: false,
  }
  new Walk(found, placeholders).value(tree, new Set(), 0)
  // `SELECT j FROM (a JOIN b ON …) AS j` reads whole rows of both.
  if ([...found.joinAliases].some((alias) => found.columns.has(alias))) found.readsAll = true
  return found
}

class Walk {
  readonly #found: Inspection
  readonly #placeholders: number

  constructor(found: Inspection, placeholders: number) {
    this.#found = found
    this.#placeholders = placeholders
  }

  /** Nodes that stand with their names, lists of them, or plain values. */
  value(value: unknown, scope: Scope, depth: number): void {
    if (depth > deepest) throw tooDeep()
    if (Array.isArray(value)) {
      for (const item of value) this.value(item, scope, depth)
    } else if (typeof value === 'object' && value !== null) {
      for (const [kind, body] of Object.entries(value))
        this.node(kind, body as Node, scope, depth + 1)
    }
  }

  // oxlint-disable-next-line max-params -- once for every node of a tree: an object for each costs time
  node(kind: string, body: Node, scope: Scope, depth: number): void {
    if (kind === 'ParamRef' && this.#hasValue(body)) return
    const shape = nodeShapes.get(kind)
    if (shape === undefined) throw refused(kind)
    this.#note(kind, body, scope)
    const inner = kind === 'SelectStmt' ? this.#commonTables(body, scope, depth) : scope
    for (const [field, value] of Object.entries(body)) {
      if (!shape.has(field)) throw refused(`${kind}.${field}`)
      if (field === 'withClause') continue
      const struct = shape.get(field)
      if (struct === undefined) this.value(value, inner, depth)
      else this.node(struct, value as Node, inner, depth + 1)
    }
  }

  #hasValue({ number }: Node): boolean {
    return typeof number === 'number' && number >= 1 && number <= this.#placeholders
  }

  /** Walks a WITH: each expression sees those before it, and all of them where it is recursive. */
  #commonTables({ withClause }: Node, scope: Scope, depth: number): Scope {
    if (withClause === undefined) return scope
    const {
      ctes = [],
      recursive = false,
      ...rest
    } = withClause as {
      ctes?: readonly { CommonTableExpr: { ctename: string } & Node }[]
      recursive?: boolean
    }
    if (Object.keys(rest).some((field) => field !== 'location')) throw refused('WithClause')
    const names = ctes.map(({ CommonTableExpr: { ctename } }) => ctename)
    for (const name of names) this.#found.otherAliases.add(name)
    const seen = new Set(recursive ? [...scope, ...names] : scope)
    for (const cte of ctes) {
      this.value(cte, seen, depth + 1)
      seen.add(cte.CommonTableExpr.ctename)
    }
    return seen
  }

  #note(kind: string, body: Node, scope: Scope): void {
    if (kind === 'RangeVar') this.#noteRelation(body, scope)
    else if (kind === 'FuncCall') this.#noteCall(body['funcname'], body)
    else if (kind === 'RangeTableSample') this.#noteCall(body['method'], body)
    else if (kind === 'VariableShowStmt') this.#found.settings.push(String(body['name']))
    else if (kind === 'A_Expr') this.#noteExpression(body)
    else if (kind === 'SubLink') this.#noteSubquery(body)
    else if (kind === 'CaseExpr') this.#implyEquality(body['arg'] !== undefined)
    else if (kind === 'Alias') this.#noteAlias(body)
    else if (kind === 'RangeSubselect' || kind === 'RangeFunction') this.#noteOther(body)
    else if (kind === 'RangeTableFunc' || kind === 'JsonTable') this.#noteOther(body)
    else if (kind === 'SortBy') this.#noteSort(body)
    else if (kind === 'TypeName') this.#found.types.push(this.#nameIn(body['names']))
    else if (kind === 'ColumnRef') this.#noteColumn(body['fields'])
    else if (kind === 'A_Indirection') this.#noteIndirection(body['indirection'])
    else if (kind === 'JoinExpr') this.#noteJoin(body)
    else if (kind === 'A_Star') this.#found.readsAll = true
    else if (kind === 'SelectStmt') this.#noteQuery(body)
    else if (kind === 'WindowDef') this.#noteComparing(body['partitionClause'] !== undefined)
    else if (kind === 'MinMaxExpr') this.#noteComparing(true)
    else this.#noteMade(kind)
  }

  #noteSort({ useOp }: Node): void {
    this.#noteComparing(true)
    this.#noteOperator(useOp)
  }

  #noteQuery({ distinctClause, groupClause, op, all }: Node): void {
    const isDistinct = distinctClause !== undefined || (op !== 'SETOP_NONE' && all !== true)
    this.#noteComparing(isDistinct || groupClause !== undefined)
  }

  #noteComparing(compares: boolean): void {
    if (compares) this.#found.compares = true
  }

  /** Expressions that make a value of a type without naming it. */
  #noteMade(kind: string): void {
    const [type] = /^(Json|Xml)/.exec(kind) ?? []
    if (type !== undefined) this.#found.types.push({ schema: undefined, name: type.toLowerCase() })
  }

  #noteRelation(body: Node, scope: Scope): void {
    const { catalogname, schemaname, relname, inh, alias, location } = body as {
      catalogname?: string
      schemaname?: string
      relname: string
      inh?: boolean
      alias?: { aliasname: string }
      location?: number
    }
    if (catalogname !== undefined) this.#found.databases.add(catalogname)
    if (schemaname === undefined && scope.has(relname)) return
    this.#found.relations.push({
      schema: schemaname,
      name: relname,
      alias: alias?.aliasname,
      only: inh !== true,
      location: location ?? 0,
      qualifiers: [catalogname, schemaname].filter((one) => one !== undefined).length,
    })
  }

  #noteCall(name: unknown, { args, agg_distinct: isDistinct }: Node): void {
    const list = (args ?? []) as readonly unknown[]
    this.#noteComparing(isDistinct === true)
    const call = { ...this.#nameIn(name), arguments: list.length, text: textIn(list[0]) }
    this.#found.functions.push(call)
  }

  #nameIn(list: unknown): QualifiedName {
    const [name = '', schema, database, ...more] = stringsIn(list).toReversed()
    if (more.length > 0) throw otherDatabase()
    if (database !== undefined) this.#found.databases.add(database)
    return { schema, name }
  }

  #noteOperator(name: unknown): void {
    if (name !== undefined) this.#found.operators.push(this.#nameIn(name))
  }

  /** BETWEEN and its kind compare by operators that they do not name. */
  #noteExpression({ kind, name }: Node): void {
    if (!String(kind).includes('BETWEEN')) return this.#noteOperator(name)
    for (const operator of ['<', '<=', '>', '>=']) {
      this.#found.operators.push({ schema: undefined, name: operator })
    }
  }

  /** `x IN (SELECT …)` is an equality. */
  #noteSubquery({ operName, testexpr }: Node): void {
    this.#noteOperator(operName)
    this.#implyEquality(testexpr !== undefined)
  }

  #implyEquality(isImplied: boolean): void {
    if (isImplied) this.#found.operators.push({ schema: undefined, name: '=' })
  }

  /** Columns by other names: what is read by them cannot be told by name. */
  #noteAlias({ colnames }: Node): void {
    if (colnames !== undefined) this.#found.readsAll = true
  }

  #noteOther({ alias }: Node): void {
    const { aliasname } = (alias ?? {}) as { aliasname?: string }
    if (aliasname !== undefined) this.#found.otherAliases.add(aliasname)
  }

  #noteColumn(fields: unknown): void {
    const names = stringsIn(fields)
    const name = names.at(-1)
    if (name === undefined) return
    this.#found.columns.add(name)
    if (names.length === 4) this.#found.databases.add(names[0] ?? '')
    const qualifier = names.length === 2 ? names[0] : undefined
    if (names.length > 1) this.#found.attributes.push({ qualifier, name })
  }

  #noteIndirection(indirection: unknown): void {
    for (const name of stringsIn(indirection)) {
      this.#found.columns.add(name)
      this.#found.attributes.push({ qualifier: undefined, name })
    }
  }

  #noteJoin({ isNatural, usingClause, alias }: Node): void {
    const columns = stringsIn(usingClause)
    const { aliasname } = (alias ?? {}) as { aliasname?: string }
    if (aliasname !== undefined) this.#found.joinAliases.add(aliasname)
    if (isNatural === true) this.#found.readsAll = true
    for (const name of columns) this.#found.columns.add(name)
    this.#implyEquality(isNatural === true || columns.length > 0)
  }
}
