import { AppError } from '../../base/error.ts'
import type { RowSet, Run } from '../source.ts'
import type { Parameter, Statement } from '../statement.ts'
import type { PostgresTerms } from './facts.ts'
import { answer } from './answer.ts'
import { toFailure } from './failure.ts'
import type { Checks } from './checks.ts'
import type { SessionPool } from './pool.ts'
import type { Bound } from './bound.ts'
import { Reading } from './reading.ts'
import { begin, identityOf, settingsFor } from './settings.ts'
import type { TypeNames } from './type-names.ts'

export interface RunContext {
  readonly pool: SessionPool
  readonly types: TypeNames
  readonly checks: Checks
  readonly isFunction: (name: string) => boolean
}

/** Runs one judged statement; the caller is answered before the connection has been made ready again. */
export async function runQuery(
  statement: Statement,
  run: Run,
  context: RunContext,
): Promise<RowSet> {
  const deadline = performance.now() + run.limits.timeoutMs
  const identity = toIdentity(run.identity ?? {})
  const terms = statement.terms as PostgresTerms
  const { searchPath, judgedBy } = terms
  const check = judgedBy && context.checks.of(judgedBy, { searchPath, identity })
  for (;;) {
    const session = await context.pool.acquire({ deadline, signal: run.signal })
    run.onProgress?.({})
    const wasUsed = session.used
    const settings = settingsFor(searchPath, deadline - performance.now())
    const reading = new Reading({
      preamble: [begin, settings, ...identity],
      check: check?.bound,
      statement: { text: statement.text, values: toValues(statement.parameters) },
      limits: run.limits,
      masked: terms.masked,
      prepareOnly: run.prepareOnly === true,
      types: context.types,
      kept: session.kept,
      onProgress: run.onProgress,
    })
    try {
      const { signal } = run
      const rows = await answer(session, { reading, deadline, signal, pool: context.pool })
      if (check !== undefined) context.checks.notePassed(check, reading.told.at(-1)?.[1])
      return rows
    } catch (error) {
      // An idle connection may have been lost without a word. One that said nothing did nothing.
      if (wasUsed && reading.told.length === 0 && (isLost(error) || isForgotten(error))) continue
      const overdue = performance.now() >= deadline - 5
      throw toFailure(error, { text: statement.text, overdue, isFunction: context.isFunction })
    }
  }
}

/** As the config names who asks: a setting of the database's own, or a role. */
export function toIdentity(identity: Readonly<Record<string, string>>): Bound[] {
  const pairs = Object.entries(identity)
  const wrong = pairs.find(([name]) => !/^(role|[a-z_]\w*(\.\w+)+)$/i.test(name))
  if (wrong !== undefined) {
    throw new AppError('config_invalid', `A session cannot be told ${wrong[0]} as who asks.`, {
      hint: 'Use a name with a dot in it, such as app.user, or role.',
    })
  }
  return identityOf(pairs)
}

export const toValues = (parameters: readonly Parameter[]): (string | null)[] =>
  parameters.map((value) => (value === null ? null : String(value)))

/** A name of ours that the connection no longer knows (invalid_sql_statement_name). */
const isForgotten = (error: unknown): boolean => (error as { code?: string }).code === '26000'

const isLost = (error: unknown): boolean => {
  const { code = '', severity } = error as { code?: string; severity?: string }
  return severity === undefined ? !(error instanceof AppError) : /^(57P|08)/.test(code)
}
