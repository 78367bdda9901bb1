import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import type { AccessRules, SqliteTerms } from '../../sources/sqlite/terms.ts'
import { refuseClosedJoins } from './joined-columns.ts'
import { tableNames } from './table-names.ts'
import { isName, isSymbol, keyword, type Token, tokenize } from './tokens.ts'

/** What the text itself tells, before the engine sees it. */
type Reading = Omit<SqliteTerms, 'rules'>

const readingWords = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN', 'PRAGMA'])

/** Words that begin a statement, and what to do instead. */
const advice: Readonly<Record<string, string>> = {
  SHOW: 'SQLite has no SHOW: call get_schema, or SELECT name FROM pragma_table_list.',
  DESCRIBE: 'SQLite has no DESCRIBE: call get_schema with table_name.',
  DESC: 'SQLite has no DESC: call get_schema with table_name.',
  FROM: 'Begin with SELECT: SELECT * FROM …',
  TABLE: 'SQLite has no TABLE statement: SELECT * FROM …',
}

/**
 * Refuses what can be seen from the text: not one statement, not one that reads, or one that takes
 * the name of a view. Everything else is the engine's to judge, by the rules.
 */
export function readText(sql: string, rules: AccessRules): Reading {
  const tokens = tokenize(sql)
  const statements = splitStatements(tokens)
  if (statements.length === 0)
    throw new AppError('syntax_error', 'There is no statement in the text.')
  if (statements.length > 1) {
    throw refused(
      `The text holds ${statements.length} statements; one at a time is run.`,
      'Send one statement.',
    )
  }
  refuseOtherThanReading(statements[0]?.[0])
  refuseMeasuring(statements[0] ?? [])
  refuseVariables(tokens)
  const commonTables = findCommonTables(tokens)
  refuseShadowing(commonTables, rules)
  const names = [...new Set(tokens.filter(isName).map(({ text }) => foldCase(text)))]
  const named = tableNames(tokens)
  refuseClosedJoins(tokens, named, rules)
  return { names, tableNames: named, commonTables }
}

function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]]
  for (const token of tokens) {
    if (isSymbol(token, ';')) statements.push([])
    else statements.at(-1)?.push(token)
  }
  return statements.filter((statement) => statement.length > 0)
}

function refuseOtherThanReading(first: Token | undefined): void {
  const word = keyword(first)
  if (word !== undefined && readingWords.has(word)) return
  // A parenthesis or a misspelt word: SQLite says best what is wrong with it.
  if (word === undefined || !(word in advice || changing.has(word))) return
  throw refused(
    `${word} is not a statement that reads; only reading is possible here.`,
    advice[word],
  )
}

/** Of other dialects: it would run the statement to time it. */
function refuseMeasuring([first, second]: readonly Token[]): void {
  if (keyword(first) !== 'EXPLAIN' || keyword(second) !== 'ANALYZE') return
  throw refused('SQLite has no EXPLAIN ANALYZE.', 'Write EXPLAIN QUERY PLAN SELECT ….')
}

const changing = new Set(
  `ALTER ANALYZE ATTACH BEGIN COMMIT CREATE DELETE DETACH DROP END INSERT REINDEX RELEASE REPLACE ROLLBACK
  SAVEPOINT UPDATE VACUUM MERGE TRUNCATE GRANT REVOKE SET CALL USE COPY LOCK`.split(/\s+/),
)

function refuseVariables(tokens: readonly Token[]): void {
  // `::` is another dialect's cast: SQLite says so itself.
  const variable = tokens.find(
    ({ kind }, index) => kind === 'variable' && !isSymbol(tokens[index - 1], ':'),
  )
  if (variable === undefined) return
  throw new AppError(
    'invalid_input',
    `The statement has a placeholder, ${variable.text}, and no value for it.`,
    {
      hint: 'Write the value into the statement.',
    },
  )
}

/** Names before `[(columns)] AS [NOT] [MATERIALIZED] (`: common table expressions, and never fewer. */
function findCommonTables(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) =>
    isName(token) && definesTable(tokens, index + 1) ? [foldCase(token.text)] : [],
  )
}

function definesTable(tokens: readonly Token[], start: number): boolean {
  let at = isSymbol(tokens[start], '(') ? afterParenthesis(tokens, start) : start
  if (keyword(tokens[at]) !== 'AS') return false
  at++
  if (keyword(tokens[at]) === 'NOT') at++
  if (keyword(tokens[at]) === 'MATERIALIZED') at++
  return isSymbol(tokens[at], '(')
}

function afterParenthesis(tokens: readonly Token[], open: number): number {
  const close = tokens.findIndex((token, index) => index > open && isSymbol(token, ')'))
  return close === -1 ? tokens.length : close + 1
}

/** While it expands one, SQLite tells the reading of a common table expression and of a view apart by name only. */
function refuseShadowing(commonTables: readonly string[], { views }: AccessRules): void {
  const shadow = commonTables.find((name) => views.has(name))
  if (shadow === undefined) return
  throw refused(
    `The name ${shadow} is a view's; a WITH may not take it here.`,
    'Give the common table expression another name.',
  )
}

const refused = (message: string, hint?: string): AppError =>
  new AppError('statement_refused', message, { hint })
