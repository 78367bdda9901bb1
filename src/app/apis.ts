import type { Api } from '../apis/api.ts'
import { loadJsonSchemas } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import type { ApiConfig } from '../config/config.ts'
import { type DeclaredApi, defineApiTool } from '../tools/api-tool.ts'
import type { Tool } from '../tools/tool.ts'

export interface OpenApis {
  readonly apis: ReadonlyMap<string, DeclaredApi>
  readonly tools: readonly Tool[]
  close(): void
}

/** The APIs of the config and what asks them. Nothing is connected to before a call. */
export function openApis(configs: readonly ApiConfig[]): OpenApis {
  const libraries = {
    schemas: lazily(loadJsonSchemas),
    selections: lazily(async () => (await import('../apis/select.ts')).loadSelections()),
  }
  const apis = new Map<string, DeclaredApi>()
  const opened: Api[] = []
  async function openApi(config: ApiConfig): Promise<Api> {
    const { createApi } = await import('../apis/api.ts')
    const api = createApi(config)
    opened.push(api)
    return api
  }
  const tools = configs.flatMap((config) => {
    const { name, description, context } = config
    const open = lazily(() => openApi(config))
    const declared = { name, description, context, open }
    apis.set(name, declared)
    return config.tools.map((tool) => {
      const items = Math.min(tool.rows ?? config.limits.items, config.limits.items)
      return defineApiTool(declared, { ...tool, limits: { ...config.limits, items } }, libraries)
    })
  })
  return { apis, tools, close: () => opened.forEach((api) => api.close()) }
}
