import cluster from 'node:cluster'

export interface EndSignals {
  /** Aborted by SIGTERM and SIGINT: end in order. */
  readonly ending: AbortSignal
  /** Aborted by SIGINT, from a person who waits: without the time that load balancers need. */
  readonly hurried: AbortSignal
}

type End = 'SIGTERM' | 'SIGINT'

/**
 * The signals that end this process; one that comes again finds something that holds it up. A worker
 * hears of them from its primary as well.
 */
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
  if (cluster.isWorker)
    process.on('message', (message) => {
      // It asks for figures in the same way.
      if (message === 'SIGTERM' || message === 'SIGINT') end(message)
    })
  return { ending: ending.signal, hurried: hurried.signal }
}
