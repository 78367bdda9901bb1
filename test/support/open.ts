import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import {
  defaultConfig,
  defaultLimits,
  defaultSourceCache,
  type SourceConfig,
} from '../../dist/config/config.js'
import { runStatement } from '../../dist/tools/query/run-statement.js'
import type { WhenDone } from '../../dist/testing/index.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import type { RowSet } from '../../dist/sources/source.js'
import { makeDatabase, scratchFolder } from './scratch.ts'
import { shared } from './shared.ts'

export const noSignal: AbortSignal = new AbortController().signal
setMaxListeners(0, noSignal)

export type Change = Partial<Omit<SourceConfig, 'limits' | 'cache'>> & {
  readonly limits?: Partial<SourceConfig['limits']>
  readonly cache?: Partial<SourceConfig['cache']>
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
    cache: { ...defaultSourceCache, ...change.cache },
  }
}

/** The app over one database, closed when the test ends or it is done: the built package, real worker processes. */
export function openTestApp(
  path: string,
  change: Change = {},
  whenDone: WhenDone = onTestFinished,
): App {
  const app = createApp({ ...defaultConfig, name: 'test', sources: [sourceConfig(path, change)] })
  whenDone(() => app.close())
  return app
}

export async function openTestSource(
  path: string,
  change: Change = {},
  whenDone: WhenDone = onTestFinished,
): Promise<ServedSource> {
  const [declared] = [...openTestApp(path, change, whenDone).sources.values()]
  if (declared === undefined) throw new Error('The app declares no source.')
  return declared.open()
}

/** A SQLite database that tests only read; each config of it is opened once for the file. */
export const shareDatabase = (sql: string): ((change: Change) => Promise<ServedSource>) =>
  shared((change, whenDone) =>
    openTestSource(makeDatabase(sql, join(scratchFolder(whenDone), 'test.db')), change, whenDone),
  )

/** One statement through guard and engine, as a tool runs it. */
export const run = (
  served: ServedSource,
  text: string,
  {
    rows = 500,
    signal = noSignal,
    timeoutMs = served.limits.timeoutMs,
  }: { rows?: number; signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<RowSet> => runStatement(served, { text, rows }, { signal, timeoutMs })

/** The code of the error a call ends with, or its rows. */
export const outcome = (served: ServedSource, text: string): Promise<unknown> =>
  run(served, text).then(
    ({ rows }) => rows,
    (error: { code: string }) => error.code,
  )
