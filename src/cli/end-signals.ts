export interface EndSignals {
  /** Aborted by SIGTERM and SIGINT: end in order. */
  readonly ending: AbortSignal
  /** Aborted by SIGINT, from a person who waits: without the time that load balancers need. */
  readonly hurried: AbortSignal
}

/** The signals that end this process; one that comes after finds something that holds it up. */
export function takeEndSignals(): EndSignals {
  const ending = new AbortController()
  const hurried = new AbortController()
  const end = (signal: NodeJS.Signals): void => {
    if (ending.signal.aborted && (signal === 'SIGTERM' || hurried.signal.aborted)) process.exit()
    if (signal === 'SIGINT') hurried.abort()
    ending.abort()
  }
  process.on('SIGTERM', end).on('SIGINT', end)
  return { ending: ending.signal, hurried: hurried.signal }
}
