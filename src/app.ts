/** The hallway: makes what has a lifetime out of the config, joins the rooms, and closes what it made. */
import { AppError } from './base/error.ts'
import type { Config, SourceConfig } from './config/config.ts'
import { createGuard } from './guard/guard.ts'
import { openSource } from './sources/open.ts'
import type { ServedSource, ServedSources } from './tools/served-source.ts'

export interface App {
  readonly sources: ServedSources
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

/** Faults of ours, with what lies under them, go to stderr; what a caller did wrong is answered, not logged. */
function report(error: unknown): void {
  if (error instanceof AppError && error.code !== 'internal') return
  const shown = error instanceof AppError ? (error.cause ?? error) : error
  process.stderr.write(
    `vitrine: ${shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)}\n`,
  )
}
