import { connect, destroy } from './connect.ts'
import type { ConnectOptions } from './options.ts'

/** After what time the server is asked, then how often, and for how long. */
const firstMs = 200
const pauseMs = 2000
const longestMs = 600_000
const answerMs = 5000

export interface Outlasting {
  readonly options: ConnectOptions
  /** The process of the server that ran the statement. */
  readonly processId: number
  readonly signal: AbortSignal
}

/**
 * Resolves when the process has ended that obeyed no cancel: in the midst of one function PostgreSQL looks at
 * none, and goes on although nobody waits for it. Resolves too where the server cannot be asked any more.
 */
export async function outlast({ options, processId, signal }: Outlasting): Promise<void> {
  const until = performance.now() + longestMs
  await pause(firstMs, signal)
  while (performance.now() < until && (await isThere(processId, options, signal))) {
    await pause(pauseMs, signal)
  }
}

async function isThere(
  processId: number,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (signal.aborted) return false
    const { client } = await connect(
      options,
      AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    )
    const timer = setTimeout(() => destroy(client), answerMs)
    try {
      const { rowCount } = await client.query(askSql, [processId])
      return rowCount !== 0
    } finally {
      clearTimeout(timer)
      await client.end().catch(() => destroy(client))
    }
  } catch {
    return false
  }
}

const askSql = `SELECT FROM pg_catalog.pg_stat_activity a
  WHERE a.pid OPERATOR(pg_catalog.=) $1::pg_catalog.int4`

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
