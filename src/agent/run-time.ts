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

/** One request that may still lead to calls, while there is time for them. */
export interface WhileSilent {
  /** Ends with the time for calls, unless the answer is being written by then: that may use what is left. */
  readonly signal: AbortSignal
  /** The answer is being written. */
  readonly hear: () => void
  /** It has broken off, and is asked for again. */
  readonly fallSilent: () => void
  /** It ended for want of time, and nothing else. */
  readonly late: () => boolean
  readonly stop: () => void
}

export function whileSilent({ ends, endsCalls }: RunTime): WhileSilent {
  const cut = new AbortController()
  let heard = false
  const cutIfSilent = (): void => {
    if (!heard) cut.abort()
  }
  endsCalls.addEventListener('abort', cutIfSilent, { once: true })
  return {
    signal: AbortSignal.any([ends, cut.signal]),
    hear: () => void (heard = true),
    fallSilent() {
      heard = false
      if (endsCalls.aborted) cut.abort()
    },
    late: () => cut.signal.aborted && !ends.aborted,
    stop: () => endsCalls.removeEventListener('abort', cutIfSilent),
  }
}
