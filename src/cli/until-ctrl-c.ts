/** Work that a person may end: the signal is aborted by Ctrl-C. */
export async function untilCtrlC<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopped = new AbortController()
  const stop = (): void => stopped.abort()
  process.once('SIGINT', stop)
  try {
    return await work(stopped.signal)
  } finally {
    process.off('SIGINT', stop)
  }
}
