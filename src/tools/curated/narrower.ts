import type { Question } from './question.ts'

/** What a caller may choose. */
export const choicesOf = ({ parameters }: Question): string[] =>
  Object.entries(parameters)
    .filter(([, { claim }]) => claim === undefined)
    .map(([name]) => name)

/** How to ask for less. */
export function narrower(question: Question): string {
  const names = choicesOf(question)
  return names.length === 0
    ? 'The tool takes no arguments that would narrow it.'
    : `Ask for less with other values of ${names.join(', ')}.`
}
