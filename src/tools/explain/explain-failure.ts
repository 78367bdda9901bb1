import { AppError, type ErrorCode, toAppError } from '../../base/error.ts'
import { functionAdvice, syntaxAdvice } from './dialect-advice.ts'
import { explainColumn } from './explain-column.ts'
import { explainFailed } from './explain-failed.ts'
import { explainSyntax } from './explain-syntax.ts'
import { explainTable } from './explain-table.ts'
import { type Failure, HintNames, namedTables } from './failure.ts'
import type { ServedSource } from '../served-source.ts'
import { shownCatalog } from '../schema/shown-catalog.ts'
import { partsOf } from '../query/statement-parts.ts'

/** Nothing is called by more than this; looking for it in a large catalog would hold up other callers. */
const longestName = 200

/** The same failure with a hint made from the whole open catalog: what the model should write instead. */
export async function explainFailure(
  thrown: unknown,
  served: ServedSource,
  text: string,
): Promise<AppError> {
  const error = toAppError(thrown)
  const explain = explainers[error.code]
  if (explain === undefined || (error.subject?.length ?? 0) > longestName) return error
  const catalog = await shownCatalog(served, AbortSignal.timeout(1000)).catch(() => undefined)
  if (catalog === undefined) return error
  const { advice, capabilities } = served.source
  const { message, subject = '' } = error
  const hint = explain({
    message,
    subject,
    text,
    parts: partsOf(text),
    catalog,
    advice,
    capabilities,
  })
  if (hint === undefined) return error
  return new AppError(error.code, message, { hint, subject: error.subject, cause: error.cause })
}

const explainers: Readonly<Partial<Record<ErrorCode, (failure: Failure) => string | undefined>>> = {
  unknown_table: explainTable,
  not_open: explainClosed,
  unknown_column: explainColumn,
  unknown_function: ({ subject, advice, parts }) =>
    syntaxAdvice(parts, advice) ??
    functionAdvice(subject, advice) ??
    `This is ${advice.title}: use a function that it has.`,
  syntax_error: explainSyntax,
  query_failed: explainFailed,
}

/** What is open instead: the columns of the tables, where it is a column that is closed. */
function explainClosed(failure: Failure): string | undefined {
  if (failure.subject === '') return undefined
  const names = new HintNames(failure)
  const named = namedTables(failure)
  const isColumn = /\bcolumn\b/i.test(failure.message) && named.length > 0
  return isColumn ? names.columnsOf(named) : names.openTables(failure.catalog)
}
