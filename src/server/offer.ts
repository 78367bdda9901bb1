import type { ServerCapabilities } from '@modelcontextprotocol/server'
import type { Toolset } from './toolsets.ts'

export interface Offer {
  readonly capabilities: ServerCapabilities
  /** Told to the model. */
  readonly instructions: string
}

/** What is said of the server in a handshake. Nothing is offered that an actor does not have. */
export function toOffer(toolset: Toolset, isAlone = false): Offer {
  const { instructions, resources, prompts, jobFacts } = toolset
  const told = mayChange(toolset) && !isAlone ? { subscribe: true, listChanged: true } : {}
  const capabilities: ServerCapabilities = {
    tools: isAlone ? {} : { listChanged: true },
    ...(resources.length > 0 && { resources: told }),
    ...(prompts !== undefined && { prompts: {} }),
    ...((resources.length > 0 || prompts !== undefined) && { completions: {} }),
    ...(jobFacts && { extensions: { [tasksExtension]: {} } }),
  }
  return { capabilities, instructions }
}

/** How long a client may keep a list that changes only with a new process (MCP: caching). */
export const keptLong = { ttlMs: 3_600_000, cacheScope: 'private' } as const
/** The same of a list whose changes not every client hears of. */
export const keptForAWhile = { ttlMs: 300_000, cacheScope: 'private' } as const
/** The same of what is asked once, as a connection begins. */
export const notKept = { ttlMs: 0, cacheScope: 'private' } as const

export const mayChange = ({ resources }: Toolset): boolean => resources.some((one) => one.mayChange)

/** Jobs as tasks (SEP-2663). */
export const tasksExtension = 'io.modelcontextprotocol/tasks'
