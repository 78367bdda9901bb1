import type { Tool } from './tool.ts'

/** Four characters to a token, near enough for JSON and English (measured within a tenth on our tools). */
const charactersPerToken = 4

/** What definitions of tools cost in every conversation: a model reads no title and no annotations. */
export function tokensOf(tools: readonly Tool[]): number {
  const read = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }))
  return Math.ceil(JSON.stringify(read).length / charactersPerToken)
}
