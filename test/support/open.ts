import { setMaxListeners } from 'node:events'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../dist/app.js'
import { defaultConfig, defaultLimits, type SourceConfig } from '../../dist/config/config.js'
import { runStatement } from '../../dist/tools/run-statement.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import type { RowSet } from '../../dist/sources/source.js'

export const noSignal: AbortSignal = new AbortController().signal
setMaxListeners(0, noSignal)

export type Change = Partial<Omit<SourceConfig, 'limits'>> & {
  readonly limits?: Partial<SourceConfig['limits']>
}

export function sourceConfig(path: string, change: Change = {}): SourceConfig {
  return {
    name: 'main',
    url: `sqlite:${path}`,
    description: undefined,
    context: undefined,
    tables: undefined,
    columns: {},
    identity: {},
    ...change,
    limits: { ...defaultLimits, ...change.limits },
  }
}

/** The app over one database, closed when the test ends: the built package, real worker processes. */
export function openTestApp(path: string, change: Change = {}): App {
  const app = createApp({ ...defaultConfig, name: 'test', sources: [sourceConfig(path, change)] })
  onTestFinished(() => app.close())
  return app
}

export async function openTestSource(path: string, change: Change = {}): Promise<ServedSource> {
  const [declared] = [...openTestApp(path, change).sources.values()]
  if (declared === undefined) throw new Error('The app declares no source.')
  return declared.open()
}

/** One statement through guard and engine, as a tool runs it. */
export const run = (
  served: ServedSource,
  text: string,
  { rows = 500, signal = noSignal }: { rows?: number; signal?: AbortSignal } = {},
): Promise<RowSet> => runStatement(served, { text, rows }, { signal })

/** The code of the error a call ends with, or its rows. */
export const outcome = (served: ServedSource, text: string): Promise<unknown> =>
  run(served, text).then(
    ({ rows }) => rows,
    (error: { code: string }) => error.code,
  )
