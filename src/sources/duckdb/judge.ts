import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import { isPlain } from './files/path-text.ts'
import { constantText, constantTexts, namedByArgument } from './arguments.ts'
import { isNode, kindOf, type Node, nodesOf, textOf } from './syntax-tree.ts'
import { type NamedTable, resolveTable, type TableScope } from './resolve-table.ts'
import type { Definitions } from './definitions.ts'
import type { ReadRules } from './terms.ts'
import type { Uses } from './uses.ts'

export interface Question {
  readonly rules: ReadRules
  readonly scope: Omit<TableScope, 'commonTables'>
  /** The database's own macros: judged by their bodies, not by their names. */
  readonly macros: Definitions['macros']
  readonly uses: Uses
}

/**
 * Walks the whole tree of a statement and refuses what the rules do not name: a kind of node, a part
 * of one, a table, a function.
 *
 * @throws AppError `statement_refused`, `not_open`, `unknown_table`
 */
export function judge(tree: Node, question: Question): void {
  new Walk(question).visit(tree, new Set())
}

type Names = ReadonlySet<string>

class Walk {
  readonly #question: Question

  constructor(question: Question) {
    this.#question = question
  }

  /** `known`: common table expressions that are in sight here. */
  visit(value: unknown, known: Names): void {
    if (Array.isArray(value)) {
      for (const one of value) this.visit(one, known)
    } else if (isNode(value)) this.#visitNode(value, known)
  }

  #visitNode(node: Node, known: Names): void {
    const kind = kindOf(node)
    const shape = this.#question.rules.shapes.get(kind)
    if (shape === undefined) throw unknownPart(kind)
    const strange = Object.keys(node).find((key) => !shape.has(key))
    if (strange !== undefined) throw unknownPart(`${kind}.${strange}`)
    switch (kind) {
      case 'CONSTANT':
        return
      case 'BASE_TABLE':
        return this.#readTable(node, known)
      case 'TABLE_FUNCTION':
        return this.#readFunction(node, known)
      case 'SHOW_REF':
        return this.#show(node, known)
      case 'FUNCTION':
      case 'WINDOW':
        this.#call(node)
        break
      case 'COLUMN_REF':
        this.#nameColumns(node)
        break
      case 'STAR':
      case 'POSITIONAL_REFERENCE':
        this.#question.uses.star = true
        break
      case 'PARAMETER':
        this.#question.uses.parameters.add(textOf(node, 'identifier'))
        break
      case 'RECURSIVE_CTE_NODE':
        return this.#recurse(node, known)
      default:
    }
    this.#visitParts(node, this.#withCommonTables(node, known))
  }

  #visitParts(node: Node, known: Names): void {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'cte_map') continue
      if (typeParts.has(key)) refuseExpressions(value)
      else this.visit(value, known)
    }
  }

  /** Each common table expression sees those before it, and the query itself sees them all. */
  #withCommonTables(node: Node, known: Names): Names {
    const map = node['cte_map']
    if (!isNode(map)) return known
    const names = new Set(known)
    for (const entry of nodesOf(map['map'])) {
      this.visit(entry['value'], new Set(names))
      names.add(foldCase(textOf(entry, 'key')))
    }
    return names
  }

  #recurse(node: Node, known: Names): void {
    const inner = this.#withCommonTables(node, known)
    const { left, right, ...rest } = node
    this.visit(left, inner)
    this.visit(right, new Set([...inner, foldCase(textOf(node, 'cte_name'))]))
    this.#visitParts(rest, inner)
  }

  #readTable(node: Node, known: Names): void {
    const { rules, scope, uses } = this.#question
    if (isNode(node['at_clause'])) throw refused('AT (VERSION or TIMESTAMP) cannot be asked here.')
    const named: NamedTable = {
      catalog: textOf(node, 'catalog_name'),
      schema: textOf(node, 'schema_name'),
      table: textOf(node, 'table_name'),
    }
    const key = resolveTable(named, rules, { ...scope, commonTables: known })
    if (key !== undefined) uses.tables.add(key)
    for (const part of ['alias', 'table_name']) uses.tableNames.add(foldCase(textOf(node, part)))
    if (hasItems(node['column_name_alias'])) uses.star = true
    const file = scope.files.get(named.table)
    if (file !== undefined && foldCase(file) === key) uses.files.set(named.table, file)
    this.#visitParts(node, known)
  }

  #readFunction(node: Node, known: Names): void {
    const call = node['function']
    if (!isNode(call) || kindOf(call) !== 'FUNCTION') throw unknownPart('TABLE_FUNCTION.function')
    const name = foldCase(textOf(call, 'function_name'))
    const kind = this.#question.rules.tableFunctions.get(name)
    if (this.#meansMacro('table', call)) this.#question.uses.star = true
    else if (kind === undefined || !this.#isBuiltIn(call)) throw this.#notCallable(call)
    else if (kind === 'file') this.#readFiles(call, name)
    else if (kind !== 'plain') {
      // A catalogue knows no common table expressions.
      const inSight = kind === 'table' ? known : new Set<string>()
      for (const table of namedByArgument(call, name)) this.#readTable(table, inSight)
    }
    this.#visitParts(call, known)
    const { function: _judged, ...rest } = node
    this.#visitParts(rest, known)
  }

  /** A file is read past any mask, so it has to be open whole. */
  #readFiles(call: Node, name: string): void {
    const { rules, scope } = this.#question
    const [first] = nodesOf(call['children'])
    for (const path of first === undefined ? [''] : constantTexts(first)) {
      const table = path === undefined ? undefined : scope.files.get(path)
      const rule = table === undefined ? undefined : rules.tables.get(foldCase(table))
      if (rule?.access !== 'open' || rule.closedColumns.size > 0) throw notCallable(name)
      if (path !== undefined && !isPlain(path))
        throw refused(`The path '${path}' means several files to ${name}(); ask its table.`)
    }
  }

  #call(node: Node): void {
    const name = foldCase(textOf(node, 'function_name'))
    // `name.upper()` is upper(name): what stands before the dot may be a column as well as a schema.
    const { columns, rowNames } = this.#question.uses
    const before = ['schema', 'catalog'].map((part) => foldCase(textOf(node, part)))
    for (const part of before) columns.add(part)
    rowNames.add(before[0] ?? '')
    const isOpen = this.#question.rules.functions.has(name)
    const isMacro = this.#meansMacro('scalar', node) && kindOf(node) === 'FUNCTION'
    if (!isOpen && !isMacro) throw this.#notCallable(node)
    if (name === 'current_setting') this.#tellSetting(node)
  }

  /**
   * Whether a macro of the database is meant; whatever schema it is in, its body is judged, because a
   * bare name may be looked up in more places than this one.
   */
  #meansMacro(kind: 'scalar' | 'table', call: Node): boolean {
    const key = `${kind} ${foldCase(textOf(call, 'function_name'))}`
    const macro = this.#question.macros.get(key)
    if (macro === undefined) return false
    this.#question.uses.macros.add(key)
    const isSystem = foldCase(textOf(call, 'catalog')) === 'system'
    const schema = foldCase(textOf(call, 'schema'))
    const isBare = kind === 'scalar' ? schema !== 'pg_catalog' : ['', 'main'].includes(schema)
    return macro.isInMain && isBare && !isSystem
  }

  /** A qualified name means DuckDB's own function where it leads to one of its schemas. */
  #isBuiltIn(call: Node): boolean {
    const isOwn = ['', 'main', 'pg_catalog'].includes(foldCase(textOf(call, 'schema')))
    return isOwn && ['', 'system'].includes(foldCase(textOf(call, 'catalog')))
  }

  #notCallable(call: Node): AppError {
    const parts = ['catalog', 'schema', 'function_name'].map((part) => textOf(call, part))
    const name = parts.filter((part) => part !== '').join('.')
    const isKnown = this.#question.rules.refusedFunctions.has(foldCase(parts.at(-1) ?? ''))
    if (isKnown) return notCallable(name)
    return new AppError('unknown_function', `There is no function ${name}().`, { subject: name })
  }

  #tellSetting(call: Node): void {
    const [argument] = nodesOf(call['children'])
    const name = argument === undefined ? undefined : constantText(argument)
    if (name !== undefined && this.#question.rules.settings.has(foldCase(name))) return
    throw refused('current_setting() tells only settings without paths or secrets here.')
  }

  #nameColumns(node: Node): void {
    const names = node['column_names']
    if (!Array.isArray(names)) throw unknownPart('COLUMN_REF.column_names')
    const { columns, rowNames } = this.#question.uses
    for (const name of names) columns.add(foldCase(String(name)))
    rowNames.add(foldCase(String(names.at(-1))))
  }

  /** DESCRIBE and SUMMARIZE hold a query; SHOW holds the word for what it lists. */
  #show(node: Node, known: Names): void {
    if (isNode(node['query'])) {
      this.#question.uses.star = true
      return this.visit(node['query'], known)
    }
    const type = textOf(node, 'show_type')
    const what = foldCase(textOf(node, 'table_name').replaceAll('"', ''))
    if (this.#question.rules.listings.has(type === 'SHOW_FROM' ? 'from' : what)) return
    throw new AppError('statement_refused', `SHOW ${what} may not be used here.`, {
      hint: 'Call get_schema to see the tables.',
    })
  }
}

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0

/** Types are names and numbers, of any form: only an expression among them would be more. */
const typeParts = new Set(['cast_type', 'expected_types', 'type_info'])

function refuseExpressions(value: unknown): void {
  if (Array.isArray(value)) for (const one of value) refuseExpressions(one)
  if (!isNode(value)) return
  if ('class' in value) throw unknownPart('an expression in a type')
  for (const part of Object.values(value)) refuseExpressions(part)
}

const refused = (message: string): AppError => new AppError('statement_refused', message)

const notCallable = (name: string): AppError =>
  new AppError('statement_refused', `The function ${name}() may not be called here.`, {
    subject: name,
    hint: 'Ask without it: only functions that read nothing but their arguments are called here.',
  })

const unknownPart = (kind: string): AppError =>
  refused(`The statement has a part that is not known here: ${kind.toLowerCase()}.`)
