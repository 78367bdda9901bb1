/** The hallway: makes what has a lifetime out of the config, joins the rooms, and closes what it made. */
import { AppError, toAppError } from './base/error.ts'
import type { Config, SourceConfig } from './config/config.ts'
import { createGuard } from './guard/guard.ts'
import { openSource } from './sources/open.ts'
import type { ServedSource, ServedSources } from './tools/served-source.ts'

export interface App {
  readonly sources: ServedSources
  /** Reads every catalog, which warms the workers; gives what cannot be reached, and why. */
  unreachable(signal: AbortSignal): Promise<ReadonlyMap<string, AppError>>
  /** Serves one client over stdio until it hangs up or the signal comes. */
  serveStdio(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Opens every source of the config. The protocol is loaded while their workers start. */
export async function openApp(config: Config): Promise<App> {
  const served = await Promise.all(config.sources.map(serveSource))
  const sources = new Map(served.map((one) => [one.source.name, one]))
  return {
    sources,
    unreachable: (signal) => findUnreachable(served, signal),
    async serveStdio(signal) {
      const [{ createServerFactory }, { toInstructions }, { createTools }, { serveStdio }] =
        await Promise.all([
          import('./server/create-server.ts'),
          import('./server/instructions.ts'),
          import('./tools/tools.ts'),
          import('./transports/stdio.ts'),
        ])
      const instructions = toInstructions(sources)
      const parts = {
        name: config.name,
        instructions,
        tools: createTools(sources),
        onError: report,
      }
      await serveStdio(createServerFactory(parts), report, signal)
    },
    async close() {
      await Promise.all(served.map(({ source }) => source.close()))
    },
  }
}

async function serveSource(config: SourceConfig): Promise<ServedSource> {
  const { name, url, description, context, tables, columns, limits } = config
  const { memoryBytes, concurrency } = limits
  const source = await openSource({ name, url, memoryBytes, concurrency })
  const guard = createGuard(source.dialect, { tables, columns })
  return { source, guard, limits, description, context }
}

async function findUnreachable(
  served: readonly ServedSource[],
  signal: AbortSignal,
): Promise<Map<string, AppError>> {
  const errors = await Promise.all(
    served.map(({ source }) => source.catalog(signal).then(() => undefined, toAppError)),
  )
  return new Map(
    served.flatMap(({ source }, index) => {
      const error = errors[index]
      return error === undefined ? [] : [[source.name, error] as const]
    }),
  )
}

/** Faults of ours, with what lies under them, go to stderr; what a caller did wrong is answered, not logged. */
function report(error: unknown): void {
  if (error instanceof AppError && error.code !== 'internal') return
  const shown = error instanceof AppError ? (error.cause ?? error) : error
  process.stderr.write(
    `vitrine: ${shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)}\n`,
  )
}
