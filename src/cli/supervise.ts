import cluster, { type Address, type Worker } from 'node:cluster'
import { setTimeout as pause } from 'node:timers/promises'
import { createWorkersMetrics } from '../edge/telemetry/workers.ts'
import { toAddress, toMcpUrl } from '../transports/http/bind.ts'
import { listenForScrapes } from '../transports/http/scrapes.ts'
import { takeEndSignals } from './end-signals.ts'
import { exitCode, type Terminal } from './terminal.ts'

/** A worker that ends this soon, in milliseconds, did not come up. */
const soonMs = 5000
/** Milliseconds before a worker that did not come up is started again. */
const againMs = 1000
/** How often in a row workers may fail to come up before all ends. */
const mostFailures = 5

export interface Supervision {
  readonly count: number
  /** `host:port` where the figures of all of them are served. */
  readonly metrics: string | undefined
}

/**
 * Runs the same command in several processes that share the port. One that is lost is started
 * again; a signal ends all of them in order.
 */
export async function superviseWorkers(
  { count, metrics }: Supervision,
  terminal: Terminal,
): Promise<number> {
  if (metrics !== undefined)
    await listenForScrapes(await createWorkersMetrics(), toAddress(metrics))
  const { ending, hurried } = takeEndSignals()
  // Each takes connections by itself: none is handed to one that has just been lost.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  let failures = 0
  let listening = 0
  const tell = (): void => toAll(hurried.aborted ? 'SIGINT' : 'SIGTERM')
  cluster.on('listening', (_worker, { address, port }: Address) => {
    // One that was coming up has not heard of it.
    if (ending.aborted) tell()
    listening += 1
    if (listening !== count) return
    const url = toMcpUrl({ host: address ?? undefined, port })
    terminal.note(`Serving in ${count} processes at ${url}. End with Ctrl-C.`)
  })

  const keepUp = async (): Promise<void> => {
    while (!ending.aborted && failures < mostFailures) {
      const started = performance.now()
      const code = await ended(cluster.fork())
      if (code === exitCode.usage && listening === 0) failures = mostFailures
      else if (performance.now() - started > soonMs) failures = 0
      else if (!ending.aborted) failures += 1
      if (!ending.aborted)
        await pause(againMs, undefined, { signal: ending }).catch(() => undefined)
    }
  }
  process.on('SIGHUP', () => toAll('SIGHUP'))
  ending.addEventListener('abort', tell)
  hurried.addEventListener('abort', tell)
  const isUp = new Promise<void>((resolve) => cluster.once('listening', () => resolve()))
  // What keeps the first from coming up keeps all from it, and is said once.
  const first = keepUp()
  await Promise.race([isUp, first])
  await Promise.all([first, ...Array.from({ length: count - 1 }, keepUp)])
  return ending.aborted ? exitCode.done : exitCode.usage
}

function toAll(message: NodeJS.Signals): void {
  // One that is about to be gone has no ear any more.
  for (const worker of Object.values(cluster.workers ?? {}))
    if (worker?.isConnected() === true) worker.send(message)
}

/** Gives the code that it ended with, where it came to that. */
const ended = (worker: Worker): Promise<number | undefined> =>
  new Promise((resolve) => {
    worker.once('exit', (code: number | null) => resolve(code ?? undefined))
    // A message that did not reach it is no reason to end; a process that could not be made has no exit.
    worker.on('error', () => worker.process.pid === undefined && resolve(undefined))
  })
