import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Bindings } from '../../guard/bind.ts'
import type { RowSet } from '../../sources/source.ts'
import { explainFailure } from '../explain/explain-failure.ts'
import { identityOf } from '../identity.ts'
import { refuseCostly } from './refuse-costly.ts'
import type { ServedSource } from '../served-source.ts'
import { youngMs } from '../schema/shown-catalog.ts'
import type { CallContext } from '../tool.ts'

export interface Run {
  readonly text: string
  /** What each `:name` in the text stands for; without them there are none. */
  readonly bindings?: Bindings | undefined
  /** Rows wanted; the source's own limit holds as well. */
  readonly rows: number
  /** The engine prepares it and does not run it: there are columns and no rows. */
  readonly prepareOnly?: boolean
}

/** How often a statement is judged again because the tables changed under it. */
const attempts = 3

/** Judge, run, and where it fails, say what would have worked. */
export async function runStatement(
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<RowSet> {
  try {
    return await judgeAndRun(served, run, context)
  } catch (error) {
    throw await explainFailure(error, served, run.text)
  }
}

/** The only way from a tool to a source. */
export async function judgeAndRun(
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<RowSet> {
  const deadline = performance.now() + (context.timeoutMs ?? served.limits.timeoutMs)
  for (let attempt = 1; ; attempt++) {
    try {
      return await judgeAndQuery(served, { ...run, deadline }, context)
    } catch (error) {
      if (attempt === attempts || !mayHelpToAskAgain(error, served)) throw error
    }
  }
}

const unknownName = new Set([
  'unknown_table',
  'unknown_column',
  'unknown_function',
  'not_open',
  'config_invalid',
])

/** True where the tables changed, or may have: a name that is not in an older catalog. */
function mayHelpToAskAgain(error: unknown, { source }: ServedSource): boolean {
  if (!(error instanceof AppError)) return false
  return error.code === 'schema_changed' || (unknownName.has(error.code) && source.refresh(youngMs))
}

async function judgeAndQuery(
  served: ServedSource,
  { text, bindings, rows, prepareOnly = false, deadline }: Run & { readonly deadline: number },
  { signal, actor, onProgress }: CallContext,
): Promise<RowSet> {
  const { source, guard } = served
  // Nobody asks where nothing is run.
  const identity = prepareOnly ? {} : identityOf(actor, served.identity)
  const left = (): number => deadline - performance.now()
  const catalog = await within(source.catalog(signal), left(), schemaTooSlow)
  const statement = guard.judge(text, catalog, bindings)
  const limits = { ...served.limits, rows: Math.min(rows, served.limits.rows) }
  const timeoutMs = inTenths(left())
  const how = { limits: { ...limits, timeoutMs }, signal, identity, prepareOnly, onProgress }
  if (!prepareOnly) await refuseCostly(served, statement, how)
  return source.query(statement, how)
}

/** As a message tells it. */
const inTenths = (ms: number): number => Math.max(100, Math.round(ms / 100) * 100)

const schemaTooSlow = (): AppError =>
  new AppError('source_unavailable', 'Reading the schema takes longer than a statement may.')
