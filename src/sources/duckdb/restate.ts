import { AppError } from '../../base/error.ts'
import { quoteText } from './quote.ts'

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
const call = new RegExp(`^${blank}*call(?=${blank}|")`, 'i')
const pragma = new RegExp(
  `^${blank}*pragma\\s+(?<name>\\w+)\\s*(?:\\(\\s*(?<table>'[^']*'|"[^"]*"|[\\w.]+)\\s*\\))?\\s*;?\\s*$`,
  'i',
)

/**
 * Statements that DuckDB's serializer does not take although they read: a plan is the plan of the
 * query behind EXPLAIN; CALL and a few pragmas are functions in FROM by another name. Whatever is left is
 * judged as a query.
 */
export function restate(text: string): Restated {
  const [word] = explain.exec(text) ?? []
  if (word === undefined) return { prefix: '', query: ofPragma(text) ?? ofCall(text) ?? text }
  const rest = text.slice(word.length)
  if (analyze.test(rest)) throw runsIt()
  const [options = ''] = format.exec(rest) ?? []
  return { prefix: `EXPLAIN ${options.trim()} `, query: rest.slice(options.length) }
}

const ofCall = (text: string): string | undefined =>
  call.test(text) ? text.replace(call, 'FROM ') : undefined

const functionsOf = ['table_info', 'show', 'storage_info']
const plainFunctions = ['version', 'platform', 'user_agent', 'collations', 'database_size']
const listings: ReadonlyMap<string, string> = new Map([
  ['show_tables', 'SHOW TABLES'],
  ['show_tables_expanded', 'SHOW ALL TABLES'],
  ['show_databases', 'SHOW DATABASES'],
  [
    'functions',
    `SELECT function_name AS name, upper(function_type) AS type, parameter_types AS parameters, varargs,
       return_type, has_side_effects AS side_effects
     FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate') ORDER BY 1`,
  ],
])

/** What a pragma shows is a function in FROM, or what SHOW lists; others set something. */
function ofPragma(text: string): string | undefined {
  const { name = '', table } = pragma.exec(text)?.groups ?? {}
  const shown = name.toLowerCase()
  if (table === undefined) {
    return plainFunctions.includes(shown) ? `FROM pragma_${shown}()` : listings.get(shown)
  }
  if (!functionsOf.includes(shown)) return undefined
  const argument = table.startsWith("'") ? table : quoteText(table)
  return `FROM pragma_${shown}(${argument})`
}

const runsIt = (): AppError =>
  new AppError('statement_refused', 'EXPLAIN ANALYZE runs the statement to measure it.', {
    hint: 'Use EXPLAIN alone: it shows the plan with estimates.',
  })
