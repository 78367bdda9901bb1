import { syntaxAdvice } from './dialect-advice.ts'
import { type Failure, hasColumn, HintNames, namedTables } from './failure.ts'
import { joinPath } from '../schema/join-path.ts'

/** A statement that parses and names what is there, and still cannot be computed. */
export const explainFailed = (failure: Failure): string | undefined =>
  explainAmbiguity(failure) ??
  explainAggregate(failure) ??
  explainUsing(failure) ??
  syntaxAdvice(failure.parts, failure.advice)

/** A column that several tables of the statement have. */
function explainAmbiguity(failure: Failure): string | undefined {
  const { subject } = failure
  const names = new HintNames(failure)
  const owners = namedTables(failure).filter((table) => hasColumn(table, subject))
  if (owners.length < 2) return undefined
  const choices = owners.map((table) => names.column(table, subject))
  return `Write the table or its alias before it: ${choices.join(' or ')}.`
}

function explainAggregate({ message, parts }: Failure): string | undefined {
  if (!/aggregate|group function/i.test(message) || !/\bwhere\b/i.test(parts.code)) return undefined
  return 'WHERE filters rows before they are counted or summed; filter the groups with HAVING, behind GROUP BY.'
}

/** USING of a column that one of the two does not have. */
function explainUsing(failure: Failure): string | undefined {
  if (!/\busing\b/i.test(failure.message)) return undefined
  const named = namedTables(failure)
  return joinPath(named, named, new HintNames(failure))
}
