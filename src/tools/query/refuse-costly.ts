import { AppError } from '../../base/error.ts'
import type { Run } from '../../sources/source.ts'
import type { Statement } from '../../sources/statement.ts'
import type { ServedSource } from '../served-source.ts'

/**
 * Asks for the plan where the config says what a statement may cost, and refuses a hopeless one before
 * it starts.
 *
 * @throws AppError `too_costly`
 */
export async function refuseCostly(
  { source, mostCost }: ServedSource,
  statement: Statement,
  run: Run,
): Promise<void> {
  if (mostCost === undefined) return
  const estimate = await source.estimate?.(statement, run)
  if (estimate === undefined || estimate.cost <= mostCost) return
  const { cost, rows, step } = estimate
  throw new AppError(
    'too_costly',
    `The plan is expected to cost ${round(cost)}, for ${round(rows)} rows; ${round(mostCost)} is the most here.`,
    {
      hint: `The costly step is ${step}. Filter it by an indexed column, or ask for less at a time.`,
    },
  )
}

const round = (amount: number): string => Math.round(amount).toLocaleString('en')
