/** What of a response an answer holds: JMESPath (https://jmespath.org/specification.html). */
import { AppError } from '../base/error.ts'

export type Select = (data: unknown) => unknown

export interface Selections {
  /** What is wrong with an expression, in a few words; undefined where it can be read. */
  readonly flawOf: (expression: string) => string | undefined
  readonly compile: (expression: string) => Select
}

/** The library is loaded here and nowhere else. */
export async function loadSelections(): Promise<Selections> {
  const { default: jmespath } = await import('jmespath')
  return {
    flawOf(expression) {
      try {
        // Its types leave this one out; it parses and gives the tree.
        ;(jmespath as unknown as { compile(expression: string): unknown }).compile(expression)
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    },
    compile: (expression) => (data) => {
      try {
        return jmespath.search(data, expression) as unknown
      } catch (error) {
        throw unfit((error as Error).message)
      }
    },
  }
}

const unfit = (detail: string): AppError =>
  new AppError('query_failed', "The API's response is not what this tool selects from.", {
    hint: 'Other arguments may do; otherwise tell the person who runs the server.',
    detail: `select: ${detail}`,
  })
