import { type Actor, allows } from '../base/actor.ts'
import { getSchema } from './get-schema.ts'
import { jobTools } from './job-tools.ts'
import { queryDatabase } from './query-database.ts'
import type { DeclaredSources } from './served-source.ts'
import type { Tool } from './tool.ts'

/** The tools every server has, whatever its sources. */
export const createTools = (sources: DeclaredSources): readonly Tool[] => [
  queryDatabase(sources),
  getSchema(sources),
  ...jobTools(sources),
]

/** What is open to an actor: their sources, and their tools over these alone. */
export function openTo(
  actor: Actor,
  all: DeclaredSources,
): { readonly sources: DeclaredSources; readonly tools: readonly Tool[] } {
  const sources = new Map([...all].filter(([name]) => allows(actor.sources, name)))
  const tools = createTools(sources).filter(({ name }) => allows(actor.tools, name))
  return { sources, tools }
}
