import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { AppError } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { RowCollector } from '../row-collector.ts'
import type { Limits, RowSet } from '../source.ts'
import type { Parameter } from '../statement.ts'
import { duckdb } from './engine.ts'
import { toFailure } from './failure.ts'
import { hides, maskedIn, putFileNames, putMasks } from './masks.ts'
import type { HeardRequest } from './messages.ts'
import { noReading, type Parser } from './parser.ts'
import { spellOutPivots } from './pivots.ts'
import { readRows } from './read-rows.ts'
import { restate } from './restate.ts'
import { review } from './review.ts'
import type { Session } from './session.ts'
import type { ReadRules } from './terms.ts'
import { typeName } from './type-name.ts'
import type { Uses } from './uses.ts'

export interface Engine {
  readonly parser: Parser
  readonly session: Session
  readonly rules: ReadRules
}

/** A worker answers by itself this long before it would be ended, and so need not be replaced. */
const marginMs = 60
const tellEveryMs = 500

/** Judges one statement, then prepares and runs it on a connection of its own. */
export async function runQuery(engine: Engine, request: HeardRequest): Promise<RowSet> {
  const { session } = engine
  if (session.version !== request.catalogVersion) {
    throw new AppError('schema_changed', 'The tables changed after the statement was judged.')
  }
  const connection = await session.connect()
  const timer = interruptLater(connection, request.limits.timeoutMs)
  const endTelling = tellShare(connection, request.onProgress)
  try {
    return await judgeAndRun(engine, request, connection)
  } catch (error) {
    throw timer.fired ? timedOut(request.limits.timeoutMs) : toFailure(error)
  } finally {
    timer.stop()
    endTelling()
    connection.closeSync()
  }
}

async function judgeAndRun(
  { parser, session, rules }: Engine,
  request: HeardRequest,
  connection: DuckDBConnection,
): Promise<RowSet> {
  const { catalog, definitions, files } = session
  const allow = async (query: string): Promise<Uses> => {
    const uses = await review(query, { parser, rules, definitions, catalog, files })
    refuseBroken(uses, session)
    await putMasks(connection, { rules, uses, catalog })
    await putFileNames(connection, uses)
    return uses
  }
  const bind = async (text: string, uses: Uses): Promise<DuckDBPreparedStatement> => {
    const statement = await connection.prepare(text)
    refuseOtherThanReading(statement)
    statement.bind(valuesFor(uses, request.parameters))
    return statement
  }
  const { prefix, query: asked } = restate(request.text)
  const query = await spellOutPivots(asked, async (text) => {
    const statement = await bind(text, await allow(text))
    return (await statement.runAndReadAll()).getRows().map(([value]) => String(value))
  })
  const uses = await allow(query)
  try {
    const statement = await bind(`${prefix}${query}`, uses)
    if (request.prepareOnly) return columnsOf(statement, request.limits)
    return await readRows(await statement.stream(), request, maskedIn(rules, uses))
  } catch (error) {
    const failure = toFailure(error)
    const isHidden = failure.code === 'unknown_column' && hides(rules, uses, failure.subject ?? '')
    throw isHidden ? columnNotOpen(failure.subject ?? '') : failure
  }
}

function refuseBroken({ tables }: Uses, { flaws }: Session): void {
  const table = [...tables].find((key) => flaws.has(key))
  if (table === undefined) return
  throw new AppError('query_failed', `The file of ${table} cannot be read: ${flaws.get(table)}.`, {
    hint: 'Tell the person who runs the server; the other tables can be asked.',
  })
}

/** The engine's own word on what it has prepared, should ever a tree say something else. */
function refuseOtherThanReading({ statementType }: DuckDBPreparedStatement): void {
  const { SELECT, EXPLAIN } = duckdb.StatementType
  if (statementType !== SELECT && statementType !== EXPLAIN) throw noReading()
}

function columnsOf(statement: DuckDBPreparedStatement, limits: Limits): RowSet {
  const columns = Array.from({ length: statement.columnCount }, (_, index) => ({
    name: statement.columnName(index),
    declared: typeName(statement.columnType(index)),
  }))
  return new RowCollector({ columns, limits }).finish()
}

/** Named by their numbers: `p1` is the first. */
function valuesFor({ parameters }: Uses, given: readonly Parameter[]): Record<string, Parameter> {
  return Object.fromEntries(
    [...parameters].map((name) => {
      const value = /^p[1-9]\d{0,4}$/.test(name) ? given[Number(name.slice(1)) - 1] : undefined
      if (value === undefined) throw noValue(name)
      return [name, value]
    }),
  )
}

interface Timer {
  readonly fired: boolean
  stop(): void
}

function interruptLater(connection: DuckDBConnection, timeoutMs: number): Timer {
  let fired = false
  const interrupt = (): void => {
    fired = true
    connection.interrupt()
  }
  const timer = setTimeout(interrupt, Math.max(1, timeoutMs - marginMs))
  return {
    get fired() {
      return fired
    },
    stop: () => clearTimeout(timer),
  }
}

/** DuckDB says -1 of what it cannot tell (https://duckdb.org/docs/stable/clients/c/api.html#duckdb_query_progress). */
function tellShare(connection: DuckDBConnection, onProgress: OnProgress): () => void {
  const timer = setInterval(() => {
    const { percentage } = connection.progress
    if (percentage > 0) onProgress({ share: Math.min(percentage / 100, 1) })
  }, tellEveryMs)
  return () => clearInterval(timer)
}

const timedOut = (timeoutMs: number): AppError =>
  new AppError(
    'timed_out',
    `The statement was stopped after ${timeoutMs / 1000} s, its time limit.`,
  )

const columnNotOpen = (column: string): AppError =>
  new AppError('not_open', `The column ${column} is not open.`, { subject: column })

const noValue = (name: string): AppError =>
  new AppError('invalid_input', `The statement has a placeholder, $${name}, and no value for it.`, {
    hint: 'Write the value into the statement.',
  })
