import { z } from 'zod'
import type { Annotations, Tool } from './tool.ts'

/** A tool as tools/list gives it (MCP: Tool). */
export interface ListedTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: { readonly type: 'object'; readonly [keyword: string]: unknown }
  readonly annotations: Annotations
}

export function toListedTool({ name, title, description, input, annotations }: Tool): ListedTool {
  // 2020-12 is what MCP assumes where `$schema` is left out.
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(input, { io: 'input' })
  return { name, title, description, inputSchema: { ...inputSchema, type: 'object' }, annotations }
}
