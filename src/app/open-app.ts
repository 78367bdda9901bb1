import type { Config } from '../config/config.ts'
import type { DefinedTool } from '../tools/defined-tool.ts'
import type { DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'
import { type App, createApp } from './app.ts'

/** The app with the tools of its modules, which run as they are loaded, and `defined` ones besides. */
export async function openApp(config: Config, defined: readonly DefinedTool[] = []): Promise<App> {
  return createApp(config, await toolMaker(config, defined))
}

/** Makes what the modules of the config define, which run here. */
export async function toolMaker(
  config: Config,
  defined: readonly DefinedTool[] = [],
): Promise<(sources: DeclaredSources) => readonly Tool[]> {
  if (config.modules.length === 0 && defined.length === 0) return () => []
  const [{ loadModules }, { toTools }] = await Promise.all([
    import('./load-modules.ts'),
    import('./own-tools.ts'),
  ])
  const all = [...(await loadModules(config.modules)), ...defined]
  return (sources) => toTools(all, { sources, config })
}
