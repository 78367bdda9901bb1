import { AppError } from '../../base/error.ts'

export interface Restated {
  /** `EXPLAIN `, or nothing. */
  readonly prefix: string
  /** The query behind it, which is what is judged. */
  readonly query: string
}

const blank = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)`
const explain = new RegExp(`^${blank}*explain(?=${blank}|\\()`, 'i')
const format = new RegExp(
  `^${blank}*\\(\\s*format\\s+(?:text|json|yaml|html|graphviz|mermaid)\\s*\\)`,
  'i',
)
const analyze = new RegExp(`^${blank}*(?:analyze|analyse)\\b`, 'i')
const pragma = new RegExp(
  `^${blank}*pragma\\s+(?<name>table_info|show|version|show_tables)\\s*(?:\\(\\s*(?<table>'[^']*'|"[^"]*"|[\\w.]+)\\s*\\))?\\s*;?\\s*$`,
  'i',
)

/**
 * Statements that DuckDB's serializer does not take although they read: a plan is the plan of the
 * query behind EXPLAIN, and a few pragmas are table functions by another name. Whatever is left is
 * judged as a query.
 */
export function restate(text: string): Restated {
  const [word] = explain.exec(text) ?? []
  if (word === undefined) return { prefix: '', query: ofPragma(text) ?? text }
  const rest = text.slice(word.length)
  if (analyze.test(rest)) throw runsIt()
  const [options = ''] = format.exec(rest) ?? []
  return { prefix: `EXPLAIN ${options.trim()} `, query: rest.slice(options.length) }
}

function ofPragma(text: string): string | undefined {
  const { name, table } = pragma.exec(text)?.groups ?? {}
  if (name === undefined) return undefined
  if (name.toLowerCase() === 'show_tables') return 'SHOW TABLES'
  const argument =
    table === undefined ? '' : `'${table.replaceAll(/^['"]|['"]$/g, '').replaceAll("'", "''")}'`
  return `SELECT * FROM pragma_${name.toLowerCase()}(${argument})`
}

const runsIt = (): AppError =>
  new AppError('statement_refused', 'EXPLAIN ANALYZE runs the statement to measure it.', {
    hint: 'Use EXPLAIN alone: it shows the plan with estimates.',
  })
