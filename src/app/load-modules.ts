import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { AppError } from '../base/error.ts'
import { type DefinedTool, isDefinedTool } from '../tools/defined-tool.ts'

/**
 * The tools that modules export, each by any name.
 *
 * @param paths absolute
 * @throws AppError `config_invalid` for a module that cannot be loaded, or exports none
 */
export async function loadModules(paths: readonly string[]): Promise<readonly DefinedTool[]> {
  const loaded = await Promise.all(paths.map(loadModule))
  return loaded.flat()
}

async function loadModule(path: string): Promise<DefinedTool[]> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw wrong(path, 'There is no such file.')
  // A file that changed is another module; what it imports is not loaded again.
  const { href } = pathToFileURL(path)
  const module = (await import(`${href}?changed=${found.mtimeMs}`).catch((cause: unknown) => {
    throw wrong(path, explain(cause), cause)
  })) as Readonly<Record<string, unknown>>
  const tools = Object.values(module).flat().filter(isDefinedTool)
  if (tools.length === 0) throw wrong(path, 'It exports no tool: export what defineTool gives.')
  return tools
}

/** Node 22.18 and later read TypeScript; those before know no such file. */
const explain = (cause: unknown): string =>
  (cause as { code?: unknown } | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    ? 'This Node does not read TypeScript: compile it to JavaScript, or use Node 22.18 or later.'
    : `It cannot be loaded: ${String(cause)}`

const wrong = (path: string, why: string, cause?: unknown): AppError =>
  new AppError('config_invalid', `modules: ${path}: ${why}`, { cause })
