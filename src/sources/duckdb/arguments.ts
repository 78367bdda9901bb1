import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import { unquote } from './quote.ts'
import { isNode, kindOf, type Node, nodesOf, textOf } from './syntax-tree.ts'

/**
 * The tables that a function in FROM is given by name, as they would stand in FROM themselves.
 * @throws AppError `statement_refused` where no name is written out
 */
export function namedByArgument(call: Node, name: string): readonly Node[] {
  const [first, ...more] = nodesOf(call['children'])
  const tables = first === undefined ? [undefined] : namesIn(first).map(toTable)
  if (tables.some((table) => table === undefined) || more.some(namesAnotherTable)) {
    throw new AppError(
      'statement_refused',
      `${name}() takes the name of an open table here, as text.`,
    )
  }
  return tables.filter(isNode)
}

/** The parts of each name: `catalog.schema.table`, or fewer. */
function namesIn(argument: Node): (readonly string[] | undefined)[] {
  const names = argument['column_names']
  if (Array.isArray(names)) return [names.map(String)]
  return constantTexts(argument).map((text) => (text === undefined ? undefined : splitName(text)))
}

const part = String.raw`"(?:[^"]|"")*"|[^".]+`
const wholeName = new RegExp(String.raw`^(?:${part})(?:\.(?:${part}))*$`)

/** As DuckDB divides such a text. */
function splitName(text: string): string[] | undefined {
  if (!wholeName.test(text)) return undefined
  return [...text.matchAll(new RegExp(part, 'g'))].map(([one]) => unquote(one))
}

function toTable(parts: readonly string[] | undefined): Node | undefined {
  if (parts === undefined || parts.length === 0 || parts.length > 3) return undefined
  const [catalog, schema, table] = ['', '', ...parts].slice(-3)
  return { type: 'BASE_TABLE', catalog_name: catalog, schema_name: schema, table_name: table }
}

/** A named argument that is not one of the harmless ones could be the table once more. */
function namesAnotherTable(argument: Node): boolean {
  const left = argument['left']
  const isEqual = kindOf(argument) === 'COMPARISON' && isNode(left)
  const name = isEqual ? soleColumn(left) : textOf(argument, 'alias')
  return !['', 'bin_count', 'technique'].includes(foldCase(name ?? '?'))
}

export function constantText(node: Node): string | undefined {
  const value = node['value']
  if (kindOf(node) !== 'CONSTANT' || !isNode(value)) return undefined
  return typeof value['value'] === 'string' ? value['value'] : undefined
}

/** The texts of a list of them, or the one; undefined for what is none. */
export function constantTexts(node: Node): (string | undefined)[] {
  const isList = kindOf(node) === 'FUNCTION' && textOf(node, 'function_name') === 'list_value'
  return isList ? nodesOf(node['children']).map(constantText) : [constantText(node)]
}

function soleColumn(node: Node): string | undefined {
  const names = node['column_names']
  return Array.isArray(names) && names.length === 1 ? String(names[0]) : undefined
}
