/** The time that a run may take. Calls end before it does, so that the model can still answer with what it has. */
export interface RunTime {
  /** Ends the run: the time is over, or somebody has cancelled it. */
  readonly ends: AbortSignal
  /** Ends calls, and questions to a person. */
  readonly endsCalls: AbortSignal
}

const longestReserveMs = 60_000

/** What is kept back for the last answer: a quarter of the whole, a minute at most. */
const reserveOfTime = (totalMs: number): number => Math.min(longestReserveMs, totalMs / 4)

export function startRunTime(totalMs: number, cancelled?: AbortSignal): RunTime {
  const over = AbortSignal.timeout(totalMs)
  const ends = cancelled === undefined ? over : AbortSignal.any([cancelled, over])
  const soon = AbortSignal.timeout(Math.round(totalMs - reserveOfTime(totalMs)))
  return { ends, endsCalls: AbortSignal.any([ends, soon]) }
}
