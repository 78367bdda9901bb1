import { AppError } from '../base/error.ts'
import type { RowSet } from '../sources/source.ts'
import { explainFailure } from './explain-failure.ts'
import type { ServedSource } from './served-source.ts'
import type { CallContext } from './tool.ts'

export interface Run {
  readonly text: string
  /** Rows wanted; the source's own limit holds as well. */
  readonly rows: number
}

/** How often a statement is judged again because the tables changed under it. */
const attempts = 3

/** Judge, run, and where it fails, say what would have worked. The only way from a tool to a source. */
export async function runStatement(
  served: ServedSource,
  run: Run,
  context: CallContext,
): Promise<RowSet> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await judgeAndQuery(served, run, context)
    } catch (error) {
      if (attempt < attempts && error instanceof AppError && error.code === 'schema_changed')
        continue
      throw await explainFailure(error, served, run.text)
    }
  }
}

async function judgeAndQuery(
  { source, guard, limits }: ServedSource,
  { text, rows }: Run,
  { signal }: CallContext,
): Promise<RowSet> {
  const catalog = await source.catalog(signal)
  const statement = guard.judge(text, catalog)
  return source.query(statement, { ...limits, rows: Math.min(rows, limits.rows) }, signal)
}
