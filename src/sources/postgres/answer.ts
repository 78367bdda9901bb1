import { type AppError, cancelled } from '../../base/error.ts'
import type { RowSet } from '../source.ts'
import { timedOut } from './failure.ts'
import type { SessionPool } from './pool.ts'
import type { Reading } from './reading.ts'
import type { Session } from './session.ts'

export interface Call {
  readonly reading: Reading
  /** As `performance.now()` counts. */
  readonly deadline: number
  readonly signal: AbortSignal
  readonly pool: SessionPool
}

/** The server's own limit comes first, so that its connection can be used again. */
const graceMs = 100
/** How long rows may still come in that nobody wants any more. */
const drainMs = 1000

/**
 * The rows, or the end of the caller's patience, whichever comes first: nobody waits for the server to
 * obey a cancel, or for the connection to be made ready again.
 */
export function answer(session: Session, { reading, deadline, ...call }: Call): Promise<RowSet> {
  const { signal, pool } = call
  return new Promise((resolve, reject) => {
    let stopped = false
    const stop = (error: AppError): void => {
      stopped = true
      reject(error)
      done()
    }
    const onAbort = (): void => stop(cancelled())
    const timer = setTimeout(() => stop(timedOut()), deadline + graceMs - performance.now())
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      void putBack(session, { reading, pool, stopped })
    }
    signal.addEventListener('abort', onAbort, { once: true })
    session.read(reading)
    reading.rows.then(resolve, reject).finally(() => (stopped ? undefined : done()))
    if (signal.aborted) onAbort()
  })
}

interface Leftover {
  readonly reading: Reading
  readonly pool: SessionPool
  readonly stopped: boolean
}

/** Makes the connection ready for the next call, or is rid of it and of what runs on it. */
async function putBack(session: Session, { reading, pool, stopped }: Leftover): Promise<void> {
  const ending = stopped || !session.alive ? undefined : await drained(reading)
  if (ending === undefined) {
    const isOver = await session.stop()
    // It counts among those that are open for as long as the server is busy with it.
    if (!isOver) await session.outlast(pool.closing)
    return pool.drop(session)
  }
  const [process] = reading.told[0] ?? []
  if (process !== undefined) session.noteProcess(Number(process))
  // A statement that ended its transaction was more than a question.
  if (ending.left === undefined && ending.status === 'I') return pool.drop(session)
  await pool.giveBack(session, ending)
}

async function drained({ over }: Reading): Promise<Awaited<Reading['over']>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), drainMs)
  })
  return Promise.race([over, late]).finally(() => clearTimeout(timer))
}
