import type { ListToolsResult } from '@modelcontextprotocol/server'
import type { Actor } from '../base/actor.ts'
import { lazily } from '../base/lazily.ts'
import { hasPrompts, openPrompts } from '../prompts/open-prompts.ts'
import type { PromptsOptions } from '../prompts/options.ts'
import type { OpenPrompts } from '../prompts/prompts.ts'
import type { DeclaredResources } from '../resources/provider.ts'
import type { ListChanges } from '../base/list-changes.ts'
import { jobFacts } from '../tools/jobs/job-task.ts'
import { toListedTool } from '../tools/listed-tool.ts'
import type { Tool } from '../tools/tool.ts'
import { type Declared, mayUse, openTo } from '../tools/tools.ts'
import { toInstructions } from './instructions.ts'

/** What one actor sees of the server: what is not allowed is not in it. */
export interface Toolset {
  /** Told to the model once, before any call. */
  readonly instructions: string
  readonly tools: ReadonlyMap<string, Tool>
  readonly listed: ListToolsResult
  /** What tells of a job to clients that know tasks. */
  readonly jobFacts?: Tool | undefined
  readonly resources: readonly DeclaredResources[]
  /** Undefined where there are none. */
  readonly prompts: (() => Promise<OpenPrompts>) | undefined
}

/** All there is to see, and what tells when that changes. */
export interface Offered extends Declared {
  readonly lists: ListChanges
  readonly resources: readonly DeclaredResources[]
  readonly prompts: PromptsOptions
}

/** Kept ones; a set is made again in a millisecond. */
const mostKept = 200

/** Gives an actor's toolset, whose list is the same object while it says the same. Actors that may do the same share one. */
export function createToolsets(served: Offered): (actor: Actor) => Toolset {
  const kept = new Map<string, { readonly actor: Actor; readonly toolset: Toolset }>()
  served.lists.on(() => {
    for (const [key, { actor, toolset }] of kept) {
      const now = toToolset(actor, served)
      const listed = areAlike(now.listed, toolset.listed) ? toolset.listed : now.listed
      kept.set(key, { actor, toolset: { ...now, listed } })
    }
  })
  return (actor) => {
    const key = JSON.stringify([actor.tools, actor.sources])
    const found = kept.get(key) ?? { actor, toolset: toToolset(actor, served) }
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return found.toolset
  }
}

const areAlike = (one: ListToolsResult, other: ListToolsResult): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

function toToolset(actor: Actor, declared: Offered): Toolset {
  const open = openTo(actor, declared)
  const { sources, tools } = open
  const seesJobs = tools.some(({ name }) => name === 'get_job_status')
  return {
    instructions: toInstructions(open),
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    listed: { tools: tools.map(toListedTool) },
    jobFacts: seesJobs ? jobFacts(sources) : undefined,
    resources: declared.resources.filter(
      ({ countsFor: tool, source }) =>
        mayUse(actor, { tool, source }) &&
        (tool === 'read_resource' || tools.some(({ name }) => name === tool)),
    ),
    prompts: hasPrompts(actor, declared.prompts, sources)
      ? lazily(() => openPrompts(actor, declared.prompts, sources))
      : undefined,
  }
}
