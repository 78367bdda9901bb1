import { nearest } from '../../base/nearest.ts'
import type { Advice } from '../../sources/advice.ts'
import type { StatementParts } from '../query/statement-parts.ts'

/** What to write instead of a function that the dialect lacks. */
export function functionAdvice(name: string, advice: Advice): string | undefined {
  const close = nearest(name, advice.common)
  return (
    saidOtherwise(name, advice) ?? (close === undefined ? undefined : `Did you mean ${close}()?`)
  )
}

function saidOtherwise(name: string, { title, functions }: Advice): string | undefined {
  const known = name.toLowerCase()
  return Object.hasOwn(functions, known)
    ? `${title} has no ${name}(); write ${functions[known]}.`
    : undefined
}

/** The same for whatever the statement calls: the engine may have stumbled over an argument first. */
export function calledAdvice(
  { code }: Pick<StatementParts, 'code'>,
  advice: Advice,
): string | undefined {
  const called = new Set(
    [...code.matchAll(/(?<![\w.])([a-z_]\w*)\s*\(/gi)].map(([, name = '']) => name),
  )
  return [...called].flatMap((name) => saidOtherwise(name, advice) ?? [])[0]
}

/** What a text that failed to parse may have brought from another dialect. */
export const syntaxAdvice = (
  { code }: Pick<StatementParts, 'code'>,
  { habits }: Advice,
): string | undefined => habits.find(([pattern]) => pattern.test(code))?.[1]
