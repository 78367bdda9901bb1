import cluster from 'node:cluster'
import { openApp } from '../app/open-app.ts'
import { AppError } from '../base/error.ts'
import { listenPattern } from '../config/listen-pattern.ts'
import { serveHttp } from '../serve-http.ts'
import { takeEndSignals } from './end-signals.ts'
import { leaveOutBroken } from './leave-out-broken.ts'
import { noteDoor } from './note-door.ts'
import { noteUnreachable } from './note-unreachable.ts'
import { type ReloadOptions, stampOf, takeReloads } from './reload.ts'
import { isConfig, toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface ServeOverHttpOptions {
  readonly target: string
  /** `host:port`, or true for where the config says. */
  readonly address: string | true
  /** Processes that share the port; as many as the config says where undefined. */
  readonly workers: number | undefined
}

/** Serves clients over HTTP until a signal comes. */
export async function serveOverHttp(
  { target, address, workers }: ServeOverHttpOptions,
  terminal: Terminal,
): Promise<number> {
  const stamp = await stampOf(target)
  const { http, ...config } = await toConfig(target)
  const listen = address === true ? http.listen : checked(address)
  const count = workers ?? http.workers
  const refuseForgetful = (writes: boolean): void => {
    if (count > 1 && writes && config.confirm.store === undefined) throw forgetful()
  }
  refuseForgetful(config.tools.some(({ change }) => change !== undefined))
  if (count > 1 && cluster.isPrimary) {
    const { superviseWorkers } = await import('./supervise.ts')
    return superviseWorkers({ count, metrics: http.metrics }, terminal)
  }
  const { end, ...signals } = takeEndSignals()
  // A worker is told by its primary, which asks for figures in the same way.
  if (cluster.isWorker)
    process.on('message', (message) => {
      if (message === 'SIGTERM' || message === 'SIGINT') end(message)
    })
  const app = await openApp({ ...config, http })
  const isFirst = (cluster.worker?.id ?? 1) === 1
  try {
    const note = (text: string): void => (isFirst ? terminal.note(text) : undefined)
    const prepare: ReloadOptions['prepare'] = async (next) => {
      refuseForgetful(next.tools.some(({ effect }) => effect !== undefined))
      await leaveOutBroken(next, signals.ending, note)
    }
    // Of several processes each reaches its sources, and the first says for all what is wrong.
    const reachSources = (): void => {
      if (isFirst) void noteUnreachable(app, signals.ending, terminal)
      else void app.unreachable(signals.ending)
    }
    await prepare(app)
    const reload = takeReloads({
      app,
      target,
      stamp,
      signal: signals.ending,
      note,
      prepare,
      onServed: reachSources,
    })
    // From a terminal it says that the person has gone.
    if (isConfig(target) && !process.stdin.isTTY) process.on('SIGHUP', reload)
    process.on('message', (message) => message === 'SIGHUP' && reload())
    await serveHttp(app, {
      http: { ...http, listen },
      ...signals,
      onListening(url) {
        if (cluster.isPrimary) terminal.note(`Serving ${target} at ${url}. End with Ctrl-C.`)
        reachSources()
        if (isFirst) void noteDoor(http, terminal)
      },
    })
  } finally {
    await app.close()
    // Nothing else holds a worker up now.
    cluster.worker?.disconnect()
  }
  return exitCode.done
}

/** A question of one process is answered to another one, which knows neither its key nor what was used. */
const forgetful = (): AppError =>
  new AppError(
    'config_invalid',
    'What changes something cannot be confirmed where several processes share the port.',
    { hint: 'Give confirm.key and confirm.store, or serve with one process.' },
  )

function checked(address: string): string {
  const listen = /^\d+$/.test(address) ? `127.0.0.1:${address}` : address
  if (listenPattern.test(listen)) return listen
  throw new AppError('invalid_input', `--http takes a host and a port, not ${address}.`, {
    hint: 'For example 127.0.0.1:8080, or 8080 alone.',
  })
}
