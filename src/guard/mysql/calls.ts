import { AppError } from '../../base/error.ts'
import type { MysqlFacts } from '../../sources/mysql/terms.ts'
import { bareFunctions, closedFunctions, openFunctions } from './functions.ts'
import type { Call } from './references.ts'

/** Why a call may not be made; undefined where it may. */
export function refusalOf(
  { name, stored, hasArguments }: Call,
  { product, routines }: Pick<MysqlFacts, 'product' | 'routines'>,
): AppError | undefined {
  const lower = name.toLowerCase()
  if (stored || routines.has(lower))
    return refused(`${name}() may be a stored function; those are not called here.`, name)
  if (bareFunctions.has(lower) && hasArguments)
    return refused(`${name}() may only be called without an argument here.`, name)
  if (openFunctions[product].has(lower)) return undefined
  if (closedFunctions.has(lower)) return refused(`${name}() may not be called here.`, name)
  return new AppError(
    'unknown_function',
    `${name}() is no built-in function of ${product} that reads.`,
    {
      subject: name,
    },
  )
}

const refused = (message: string, subject: string): AppError =>
  new AppError('statement_refused', message, {
    subject,
    hint: 'Ask without it: only functions that read nothing but their arguments are called here.',
  })
