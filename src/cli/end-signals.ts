export interface EndSignals {
  /** Aborted by SIGTERM and SIGINT: end in order. */
  readonly ending: AbortSignal
  /** Aborted by SIGINT, from a person who waits: without the time that load balancers need. */
  readonly hurried: AbortSignal
  /** The same as the signal of that name, from whoever started this process. */
  readonly end: (signal: End) => void
}

type End = 'SIGTERM' | 'SIGINT'

/** The signals that end this process; one that comes again finds something that holds it up. */
export function takeEndSignals(): EndSignals {
  const ending = new AbortController()
  const hurried = new AbortController()
  const end = (signal: End): void => {
    if (signal === 'SIGINT') hurried.abort()
    ending.abort()
  }
  const seen = new Set<End>()
  const onSignal = (signal: End): void => {
    if (seen.has(signal)) process.exit()
    seen.add(signal)
    end(signal)
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  return { ending: ending.signal, hurried: hurried.signal, end }
}
