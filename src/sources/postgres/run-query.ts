import { AppError } from '../../base/error.ts'
import type { RowSet, Run } from '../source.ts'
import type { Parameter, Statement } from '../statement.ts'
import type { PostgresTerms } from './facts.ts'
import { answer } from './answer.ts'
import { toFailure } from './failure.ts'
import type { SessionPool } from './pool.ts'
import { type Bound, Reading } from './reading.ts'
import type { TypeNames } from './type-names.ts'

export interface RunContext {
  readonly pool: SessionPool
  readonly types: TypeNames
  readonly isFunction: (name: string) => boolean
}

const longestLockMs = 2000

/** Runs one judged statement; the caller is answered before the connection has been made ready again. */
export async function runQuery(
  statement: Statement,
  run: Run,
  context: RunContext,
): Promise<RowSet> {
  const deadline = performance.now() + run.limits.timeoutMs
  const identity = toIdentity(run.identity ?? {})
  for (;;) {
    const session = await context.pool.acquire({ deadline, signal: run.signal })
    const wasUsed = session.used
    const preamble = [begin, settings(statement, deadline), ...identity]
    const reading = new Reading({
      preamble,
      statement: { text: statement.text, values: toValues(statement.parameters) },
      limits: run.limits,
      masked: (statement.terms as PostgresTerms).masked,
      types: context.types,
    })
    try {
      return await answer(session, { reading, deadline, signal: run.signal, pool: context.pool })
    } catch (error) {
      // An idle connection may have been lost without a word. One that said nothing did nothing.
      if (wasUsed && reading.told.length === 0 && isLost(error)) continue
      const overdue = performance.now() >= deadline - 5
      throw toFailure(error, { text: statement.text, overdue, isFunction: context.isFunction })
    }
  }
}

const begin: Bound = { text: 'BEGIN READ ONLY', values: [] }

/**
 * Everything a text may mean something else under, and the server's own limits; for this transaction
 * alone. It is the first query too: after one, a transaction cannot be made to write any more.
 */
function settings(statement: Statement, deadline: number): Bound {
  const { searchPath } = statement.terms as PostgresTerms
  const left = Math.max(1, Math.round(deadline - performance.now()))
  const pairs: readonly (readonly [string, string])[] = [
    ['search_path', [...searchPath, 'pg_temp'].map(quote).join(', ')],
    ['statement_timeout', `${left}ms`],
    ['lock_timeout', `${Math.min(left, longestLockMs)}ms`],
    ['idle_in_transaction_session_timeout', `${left + 5000}ms`],
    ['standard_conforming_strings', 'on'],
    ['client_min_messages', 'error'],
    ['datestyle', 'ISO'],
    ['intervalstyle', 'iso_8601'],
    ['bytea_output', 'hex'],
    // 3: every digit a value has, also before version 12.
    ['extra_float_digits', '3'],
  ]
  return setConfig(pairs, 'pg_catalog.pg_backend_pid()')
}

/** Who asks, before the statement and gone with its transaction. */
function toIdentity(identity: Readonly<Record<string, string>>): Bound[] {
  const pairs = Object.entries(identity)
  const wrong = pairs.find(([name]) => !/^(role|[a-z_]\w*(\.\w+)+)$/i.test(name))
  if (wrong !== undefined) {
    throw new AppError('config_invalid', `A session cannot be told ${wrong[0]} as who asks.`, {
      hint: 'Use a name with a dot in it, such as app.user, or role.',
    })
  }
  return pairs.length === 0 ? [] : [setConfig(pairs)]
}

function setConfig(pairs: readonly (readonly [string, string])[], first?: string): Bound {
  const calls = pairs.map(
    (_pair, index) => `pg_catalog.set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`,
  )
  const list = first === undefined ? calls : [first, ...calls]
  return { text: `SELECT ${list.join(', ')}`, values: pairs.flat() }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Named by their place: `1` is `$1`. */
function toValues(parameters: Readonly<Record<string, Parameter>>): (string | null)[] {
  return Object.entries(parameters)
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([, value]) => (value === null ? null : String(value)))
}

const isLost = (error: unknown): boolean => {
  const { code = '', severity } = error as { code?: string; severity?: string }
  return severity === undefined ? !(error instanceof AppError) : /^(57P|08)/.test(code)
}
