import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import type { Config } from '../config/config.ts'
import { builtInTools } from '../config/tools.ts'
import type { DefinedTool } from '../tools/defined-tool.ts'
import { toTool } from '../tools/run-defined.ts'
import type { DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'

/**
 * The tools that somebody wrote, as tools of the server.
 *
 * @throws AppError `config_invalid` for a name that is taken, and for a source that is not there
 */
export function toTools(
  defined: readonly DefinedTool[],
  { sources, config }: { readonly sources: DeclaredSources; readonly config: Config },
): Tool[] {
  const declared = [...config.tools, ...config.apis.flatMap((api) => api.tools)]
  const taken = new Set([...builtInTools, ...declared.map(({ name }) => name)])
  return defined.map((one) => {
    const { name, source } = one
    if (taken.has(name)) throw wrong(`there are two tools called ${name}.`)
    taken.add(name)
    if (source !== undefined && !sources.has(source))
      throw wrong(
        `${name}: there is no source ${source}.`,
        choices(source, 'Sources', [...sources.keys()]),
      )
    return toTool(one, sources)
  })
}

const wrong = (message: string, hint?: string): AppError =>
  new AppError('config_invalid', `modules: ${message}`, { hint })
