import { nearest } from '../base/nearest.ts'
import type { Advice } from '../sources/advice.ts'

/** What to write instead of a function that the dialect lacks. */
export function functionAdvice(
  name: string,
  { title, functions, common }: Advice,
): string | undefined {
  const known = functions[name.toLowerCase()]
  if (known !== undefined && Object.hasOwn(functions, name.toLowerCase())) {
    return `${title} has no ${name}(); write ${known}.`
  }
  const close = nearest(name, common)
  return close === undefined ? undefined : `Did you mean ${close}()?`
}

/** What a text that failed to parse may have brought from another dialect. */
export const syntaxAdvice = (text: string, { habits }: Advice): string | undefined =>
  habits.find(([pattern]) => pattern.test(text))?.[1]
