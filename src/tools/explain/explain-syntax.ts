import { calledAdvice, syntaxAdvice } from './dialect-advice.ts'
import { type Failure, HintNames, join, tableNamed } from './failure.ts'
import { meantTable } from './explain-table.ts'

/** What a text that failed to parse may mean; undefined where its error names the place best. */
export function explainSyntax(failure: Failure): string | undefined {
  const { text, parts, advice } = failure
  if (text.includes('```')) return 'Send the SQL alone, without ``` around it.'
  return (
    syntaxAdvice(parts, advice) ??
    calledAdvice(parts, advice) ??
    explainPlaceholder(failure) ??
    explainKeyword(failure) ??
    explainQuote(failure) ??
    explainEnd(failure)
  )
}

/** A place for a value, where the engine writes them otherwise: `= :id`, `LIMIT ?`. */
function explainPlaceholder({ parts }: Failure): string | undefined {
  const [, placeholder] =
    /(?:[=<>(,]|\b(?:select|limit|offset|like|and|or|between|values))\s*(\?|[:@]\w+)(?!\w)/i.exec(
      parts.code,
    ) ?? []
  if (placeholder === undefined) return undefined
  return `${placeholder} stands for a value, and none comes with the statement: write the value there.`
}

/** A word of the language where a table should be: `FROM order`. */
function explainKeyword(failure: Failure): string | undefined {
  const { parts, capabilities, catalog } = failure
  const found = [...parts.code.matchAll(/\b(?:from|join)\s+([a-z_]\w*)/gi)]
  const word = found.map(([, name = '']) => name).find((name) => isReserved(name, failure))
  if (word === undefined) return undefined
  const names = new HintNames({ capabilities })
  const table = tableNamed(word, catalog)
  const meant = table ? `Write ${names.table(table)}.` : meantTable(word, catalog)
  return join(`${word} is a word of the language.`, meant ?? names.openTables(catalog))
}

const isReserved = (name: string, { capabilities }: Failure): boolean =>
  capabilities.reservedWords.has(name.toLowerCase()) && !/^(?:select|values|lateral)$/i.test(name)

function explainQuote({ text }: Failure): string | undefined {
  if (text.split("'").length % 2 === 1) return undefined
  return "A text is not closed. A quote within one is doubled: 'O''Brien'."
}

/** Errors that name no place. */
function explainEnd({ message }: Failure): string | undefined {
  if (/no statement/i.test(message)) return 'Send one SELECT statement.'
  if (!/incomplete|end of input|unexpected end|near ''/i.test(message)) return undefined
  return 'The text ends before the statement does: a parenthesis, a quote or a clause is missing.'
}
