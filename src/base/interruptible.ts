import { createContext, Script } from 'node:vm'

/** Runs what may take for ever by what it is given, such as a pattern that backtracks, and ends it in its time. */
export type Interruptible = <Result>(work: () => Result, tooLong: () => Error) => Result

/** Milliseconds in which nothing else in this process runs. A machine that is busy takes ten times as long. */
const longestMs = 500

export function createInterruptible(): Interruptible {
  const context = createContext({ work: undefined })
  const script = new Script('work()')
  return <Result>(work: () => Result, tooLong: () => Error): Result => {
    context['work'] = work
    try {
      return script.runInContext(context, { timeout: longestMs }) as Result
    } catch (error) {
      throw isTimeout(error) ? tooLong() : error
    } finally {
      context['work'] = undefined
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
