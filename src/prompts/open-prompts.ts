import type { Actor } from '../base/actor.ts'
import type { DeclaredSources } from '../tools/served-source.ts'
import { mayUse } from '../tools/tools.ts'
import type { PromptOptions, PromptsOptions } from './options.ts'
import type { OpenPrompts } from './prompts.ts'

/** The tools that the prompts which ship ask a model to use. */
const toolsOfDefaults = ['get_schema', 'query_database']

/** True where the actor has prompts at all; told without loading one. */
export const hasPrompts = (
  actor: Actor,
  { defaults, own }: PromptsOptions,
  sources: DeclaredSources,
): boolean =>
  own.some((prompt) => isOpenTo(actor, prompt)) || (defaults && takesDefaults(actor, sources))

/** The prompts that are open to an actor, about `sources`, which are open to them. */
export async function openPrompts(
  actor: Actor,
  { defaults, own }: PromptsOptions,
  sources: DeclaredSources,
): Promise<OpenPrompts> {
  const open = own.filter((prompt) => isOpenTo(actor, prompt))
  if (!defaults || !takesDefaults(actor, sources)) return { prompts: open, sources }
  const { defaultPrompts } = await import('./defaults.ts')
  const others = defaultPrompts(sources).filter(({ name }) => own.every((one) => one.name !== name))
  return { prompts: [...others, ...open], sources }
}

const isOpenTo = (actor: Actor, { source }: PromptOptions): boolean =>
  mayUse(actor, { tool: 'get_prompt', source })

const takesDefaults = (actor: Actor, sources: DeclaredSources): boolean =>
  sources.size > 0 && toolsOfDefaults.every((tool) => mayUse(actor, { tool, source: undefined }))
