import { AppError } from '../../base/error.ts'
import type { MysqlTerms } from '../../sources/mysql/terms.ts'
import type { Judged } from '../dialect-guard.ts'
import { refusalOf } from './calls.ts'
import { mask } from './masking.ts'
import { type Call, findReferences } from './references.ts'
import type { Rules } from './rules.ts'
import { readDescribe, readShow, type Telling } from './show.ts'
import { refusePlaceholders, refuseSymbols, withoutHints } from './symbols.ts'
import { resolveTable, resolveTables } from './tables.ts'
import { isSymbol, isWord, type Token, tokenize } from './tokens.ts'
import { isOpenVariable, openVariablesSql } from './variables.ts'

const queryWords = ['SELECT', 'WITH', 'VALUES', 'TABLE']

/** One statement that reads, or an error that says why it is none. */
export function judge(text: string, rules: Rules, placeholders: number): Judged {
  const tokens = oneStatement(withoutHints(tokenize(text)))
  refusePlaceholders(tokens, placeholders)
  const [first] = tokens
  if (isWord(first, 'SHOW')) return judgeTelling(text, readShow(tokens), rules)
  if (isWord(first, 'DESCRIBE', 'DESC', 'EXPLAIN', 'ANALYZE')) return judgePlan(text, tokens, rules)
  if (isQuery(first)) return judgeQuery(text, { query: tokens, kind: 'select' }, rules)
  throw noReading(first)
}

const isQuery = (token: Token | undefined): boolean =>
  isWord(token, ...queryWords) || isSymbol(token, '(')

function oneStatement(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.findLastIndex((token) => !isSymbol(token, ';'))
  const statement = tokens.slice(0, last + 1)
  if (statement.length === 0)
    throw new AppError('syntax_error', 'There is no statement in the text.')
  if (statement.some((token) => isSymbol(token, ';'))) {
    throw new AppError('statement_refused', 'The text holds several statements.', {
      hint: 'Send one statement.',
    })
  }
  return statement
}

interface Query {
  readonly query: readonly Token[]
  readonly kind: MysqlTerms['kind']
}

function judgeQuery(text: string, { query, kind }: Query, rules: Rules): Judged {
  refuseSymbols(query, rules.restricted)
  const references = findReferences(query)
  refuseCalls(references.calls, rules)
  const tables = resolveTables(references, rules)
  const masked = mask(text, query, tables)
  return { text: masked.text, terms: { kind, masked: masked.columns } satisfies MysqlTerms }
}

function refuseCalls(calls: readonly Call[], rules: Rules): void {
  for (const call of calls) {
    const refusal = refusalOf(call, rules.facts)
    if (refusal !== undefined) throw refusal
    if (rules.hasCallingDefault && call.name.toLowerCase() === 'default')
      throw new AppError(
        'statement_refused',
        'A default of this database may not be computed here.',
      )
  }
}

/**
 * `EXPLAIN`, `DESCRIBE` or MariaDB's `ANALYZE` before a query. Planning may run parts of it, and
 * ANALYZE runs all: what is behind them passes the same judgement.
 */
function judgePlan(text: string, tokens: readonly Token[], rules: Rules): Judged {
  const described = isWord(tokens[0], 'ANALYZE') ? undefined : readDescribe(tokens)
  if (described !== undefined) return judgeTelling(text, described, rules)
  let at = 1
  for (let length = optionAt(tokens, at); length > 0; length = optionAt(tokens, at)) at += length
  const query = tokens.slice(at)
  // ANALYZE TABLE writes statistics.
  const isStatistics = isWord(tokens[0], 'ANALYZE') && isWord(query[0], 'TABLE')
  if (isStatistics || !isQuery(query[0])) {
    throw new AppError('statement_refused', 'Only a query can be explained here.', {
      hint: 'EXPLAIN SELECT …, EXPLAIN FORMAT=JSON SELECT …, or DESCRIBE table.',
    })
  }
  return judgeQuery(text, { query, kind: 'other' }, rules)
}

/** How many tokens an option of EXPLAIN takes; 0 where there is none. */
function optionAt(tokens: readonly Token[], at: number): number {
  if (isWord(tokens[at], 'EXTENDED', 'PARTITIONS', 'ANALYZE')) return 1
  return isWord(tokens[at], 'FORMAT') && isSymbol(tokens[at + 1], '=') ? 3 : 0
}

function judgeTelling(text: string, telling: Telling, rules: Rules): Judged {
  const { rest } = telling
  refuseSymbols(rest, rules.restricted)
  const references = findReferences(rest, false)
  refuseCalls(references.calls, rules)
  const tables = resolveTables(references, rules)
  if (tables.some(({ standing }) => standing.closedColumns.size > 0)) throw tellsMore()
  judgeSubject(telling, rules)
  const terms = { kind: 'other', masked: [] } satisfies MysqlTerms
  return { text: telling.about === 'variables' ? withoutSecrets(text, rest, rules) : text, terms }
}

function judgeSubject({ about, table, schema }: Telling, rules: Rules): void {
  if (about === 'any' || about === 'variables') return
  if (table !== undefined) {
    const standing = resolveTable(table, new Set(), rules)
    const hides = [...(standing?.closedColumns.values() ?? [])].includes('hide')
    if (hides || (about === 'definition' && rules.restricted)) throw tellsMore()
    return
  }
  if (rules.restricted) throw tellsMore()
  const { database } = rules.facts
  if (schema !== undefined && database !== undefined && schema !== database)
    throw new AppError('not_open', `Only the database ${database} is open here.`)
}

/** SHOW VARIABLES with a condition before its own, so that nothing of it sees a secret. */
function withoutSecrets(text: string, rest: readonly Token[], { restricted }: Rules): string {
  const closed = rest
    .filter(({ kind }) => kind === 'string')
    .map((token) => token.text.slice(1, -1))
    .find((pattern) => !pattern.includes('%') && !isOpenVariable(pattern, restricted))
  if (closed !== undefined)
    throw new AppError('statement_refused', `The system variables ${closed} may not be read here.`)
  const [first] = rest
  const isOpen = openVariablesSql(restricted)
  if (first === undefined) {
    const last = tokenize(text).findLast((token) => !isSymbol(token, ';'))
    return `${text.slice(0, last?.end)} WHERE ${isOpen}`
  }
  const before = text.slice(0, first.start)
  const condition = text.slice(first.end, rest.at(-1)?.end)
  if (isWord(first, 'LIKE') && rest[1]?.kind === 'string' && rest.length === 2)
    return `${before}WHERE ${isOpen} AND Variable_name LIKE ${condition}`
  if (isWord(first, 'WHERE')) return `${before}WHERE ${isOpen} AND (${condition}\n)`
  throw new AppError('syntax_error', 'Behind SHOW VARIABLES stands LIKE or WHERE.')
}

const tellsMore = (): AppError =>
  new AppError('not_open', 'This would tell of what is not open.', {
    hint: 'Call get_schema: it shows what is open.',
  })

/** Words that begin a statement which changes something, and what to do instead. */
const advice: Readonly<Record<string, string>> = {
  USE: 'The source is one database; name another source.',
  SET: 'Settings cannot be changed; write what you need into the statement.',
  CALL: 'Procedures are not called; ask with SELECT.',
  DO: 'Ask with SELECT.',
  HELP: 'Call get_schema for tables.',
}

const changing = new Set(
  `ALTER ANALYZE BACKUP BEGIN BINLOG CACHE CALL CHANGE CHECK CHECKSUM CLONE COMMIT CREATE DEALLOCATE DECLARE
  DELETE DO DROP EXECUTE FLUSH GET GRANT HANDLER HELP IF IMPORT INSERT INSTALL KILL LOAD LOCK MERGE OPTIMIZE
  PREPARE PURGE RELEASE RENAME REPAIR REPLACE RESET RESIGNAL RESTART REVOKE ROLLBACK SAVEPOINT SET SHUTDOWN
  SIGNAL SLAVE START STOP TRUNCATE UNINSTALL UNLOCK UPDATE USE XA`.split(/\s+/),
)

function noReading(first: Token | undefined): AppError {
  if (first?.kind === 'code')
    return new AppError('statement_refused', 'A comment that the server runs may not be used here.')
  const word = first?.upper ?? ''
  if (changing.has(word)) {
    const message = `${word} is not a statement that reads; only reading is possible here.`
    return new AppError('statement_refused', message, { hint: advice[word] })
  }
  return new AppError('syntax_error', 'A statement begins with SELECT, WITH, SHOW or EXPLAIN.', {
    hint: 'Send one SELECT statement.',
  })
}
