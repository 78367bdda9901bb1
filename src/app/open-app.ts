import type { Config } from '../config/config.ts'
import type { DefinedTool } from '../tools/defined-tool.ts'
import { type App, createApp } from './app.ts'

/** The app with the tools of its modules, which run as they are loaded, and `defined` ones besides. */
export async function openApp(config: Config, defined: readonly DefinedTool[] = []): Promise<App> {
  if (config.modules.length === 0 && defined.length === 0) return createApp(config)
  const [{ loadModules }, { toTools }] = await Promise.all([
    import('./load-modules.ts'),
    import('./own-tools.ts'),
  ])
  const all = [...(await loadModules(config.modules)), ...defined]
  return createApp(config, (sources) => toTools(all, { sources, config }))
}
