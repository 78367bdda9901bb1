import { type Actor, allows } from '../base/actor.ts'
import type { DeclaredApi } from './api-tool.ts'
import { getSchema } from './schema/get-schema.ts'
import { jobTools } from './jobs/job-tools.ts'
import { queryDatabase } from './query/query-database.ts'
import { refreshCache } from './cache/refresh-cache.ts'
import type { DeclaredSources } from './served-source.ts'
import type { Tool } from './tool.ts'

/** What the config declares: databases and APIs, and tools besides those that every server has. */
export interface Declared {
  readonly sources: DeclaredSources
  readonly apis: ReadonlyMap<string, DeclaredApi>
  readonly tools: readonly Tool[]
}

/** All tools. Those over every database are few and constant, however many databases there are. */
export const createTools = ({ sources, tools }: Omit<Declared, 'apis'>): readonly Tool[] => [
  ...(sources.size === 0 ? [] : [queryDatabase(sources), getSchema(sources)]),
  ...jobTools(sources),
  ...refreshCache(sources),
  ...tools,
]

/** What is granted, limited and recorded like a tool, and is none: reads of resources, questions for prompts. */
const otherRights = ['read_resource', 'get_prompt']

/** All that can be granted and limited by name. */
export const rightsOf = (declared: Declared): readonly string[] => [
  ...createTools(declared).map(({ name }) => name),
  ...otherRights,
]

/** True for what counts for a tool and may be about a source, where both are open to the actor. */
export const mayUse = (
  actor: Actor,
  { tool, source }: { readonly tool: string; readonly source: string | undefined },
): boolean => allows(actor.tools, tool) && (source === undefined || allows(actor.sources, source))

/** What is open to an actor: their sources, and their tools over these alone. */
export function openTo(actor: Actor, declared: Declared): Declared {
  const isOpen = (source: string): boolean => allows(actor.sources, source)
  const sources = new Map([...declared.sources].filter(([name]) => isOpen(name)))
  const apis = new Map([...declared.apis].filter(([name]) => isOpen(name)))
  const own = declared.tools.filter(({ source }) => source === undefined || isOpen(source))
  const tools = createTools({ sources, tools: own }).filter(({ name }) => allows(actor.tools, name))
  return { sources, apis, tools }
}
