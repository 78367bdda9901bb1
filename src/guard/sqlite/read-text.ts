import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import { type AccessRules, isEngineTable, type SqliteTerms } from '../../sources/sqlite/terms.ts'
import { commonTables, realTablePlaces } from './common-tables.ts'
import { namedHidden } from './hidden-columns.ts'
import { columnJoins, joinsByColumn, refuseClosedJoin } from './joined-columns.ts'
import { isSymbol, keyword, type Token, tokenize } from './tokens.ts'

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
 * Refuses what can be seen from the text: not one statement, not one that reads, or one that would
 * read what SQLite does not ask about. Everything else is the engine's to judge, by the rules.
 */
export function readText(sql: string, rules: AccessRules, placeholders: number): Reading {
  const tokens = tokenize(sql)
  const statements = splitStatements(tokens)
  const [statement = []] = statements
  if (statements.length === 0)
    throw new AppError('syntax_error', 'There is no statement in the text.')
  if (statements.length > 1) {
    throw refused(
      `The text holds ${statements.length} statements; one at a time is run.`,
      'Send one statement.',
    )
  }
  refuseOtherThanReading(statement[0])
  refuseMeasuring(statement)
  refuseVariables(statement, placeholders)
  const places = realTablePlaces(statement)
  refuseSilentReading(statement, places, rules)
  refuseExplainedView(statement, places, rules)
  return {
    tableNames: new Set(places.map((index) => nameAt(statement, index))),
    commonTables: commonTables(statement),
    hidden: namedHidden(statement, places, rules),
  }
}

const nameAt = (tokens: readonly Token[], index: number): string =>
  foldCase(tokens[index]?.text ?? '')

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

/** `?1` and so on have values, as many as there are placeholders. */
function refuseVariables(tokens: readonly Token[], placeholders: number): void {
  // `::` is another dialect's cast: SQLite says so itself.
  const variable = tokens.find(
    ({ kind, text }, index) =>
      kind === 'variable' &&
      !(/^\?[1-9]\d{0,4}$/.test(text) && Number(text.slice(1)) <= placeholders) &&
      !isSymbol(tokens[index - 1], ':'),
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

/**
 * SQLite does not ask before it reads the columns of USING and NATURAL, a view that joins so, or a table
 * that is called like a function: every table must be open by its name as well.
 */
function refuseSilentReading(
  tokens: readonly Token[],
  places: readonly number[],
  { tables }: AccessRules,
): void {
  const joins = columnJoins(tokens)
  const closed = places.find((index) => {
    const name = nameAt(tokens, index)
    if (tables.has(name)) return tables.get(name)?.access !== 'open'
    // What is no table at all is for the engine to say.
    return isEngineTable(name) && (joinsByColumn(joins) || isSymbol(tokens[index + 1], '('))
  })
  if (closed !== undefined) throw notOpen(nameAt(tokens, closed))
  const names = places.map((index) => nameAt(tokens, index))
  refuseClosedJoin(joins, names, tables)
}

const notOpen = (table: string): AppError =>
  new AppError('not_open', `The table ${table} is not open.`, { subject: table })

/** The program or plan of a view shows what its definition names, which may be closed. */
function refuseExplainedView(
  tokens: readonly Token[],
  places: readonly number[],
  { views }: AccessRules,
): void {
  if (keyword(tokens[0]) !== 'EXPLAIN') return
  const view = places.map((index) => nameAt(tokens, index)).find((name) => views.has(name))
  if (view === undefined) return
  throw refused(
    `EXPLAIN of the view ${view} would show what it is made of, and not all of that is open.`,
    'Explain a statement on tables that are open.',
  )
}

const refused = (message: string, hint?: string): AppError =>
  new AppError('statement_refused', message, { hint })
