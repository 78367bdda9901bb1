import type { Tool } from './tool.ts'

/** A tool as tools/list gives it (MCP: Tool). */
export type ListedTool = Pick<
  Tool,
  'name' | 'title' | 'description' | 'inputSchema' | 'annotations'
>

export const toListedTool = ({
  name,
  title,
  description,
  inputSchema,
  annotations,
}: Tool): ListedTool => ({ name, title, description, inputSchema, annotations })
