/** What clients ask about prompts. All that is handed in is open to whoever asks. */
import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import { asCall } from '../tools/as-call.ts'
import type { DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'
import { checkArguments } from './arguments.ts'
import { fillText, fillUri } from './fill.ts'
import type { MessageOptions, PromptOptions } from './options.ts'
import { suggest } from './suggest.ts'

export interface OpenPrompts {
  readonly prompts: readonly PromptOptions[]
  readonly sources: DeclaredSources
}

/** As prompts/list gives it (MCP: Prompt). */
export interface ListedPrompt {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly arguments: { name: string; description?: string; required: boolean }[]
}

export const toListedPrompt = (prompt: PromptOptions): ListedPrompt => ({
  name: prompt.name,
  ...(prompt.title !== undefined && { title: prompt.title }),
  ...(prompt.description !== undefined && { description: prompt.description }),
  arguments: prompt.arguments.map(({ name, description, required }) => ({
    name,
    ...(description !== undefined && { description }),
    required,
  })),
})

/** A message as a client gets it, but for resources, which are still to be read. */
export type FilledMessage = Pick<MessageOptions, 'role'> &
  ({ readonly text: string } | { readonly resource: string })

export interface PromptQuestion {
  readonly name: string
  readonly arguments: Readonly<Record<string, string>>
}

/** Answers `{ description, messages }`, each a `FilledMessage`. */
export const getting = (open: OpenPrompts, question: PromptQuestion): Tool =>
  asCall({ name: 'get_prompt', method: 'prompts/get' }, async () => {
    const prompt = promptNamed(open, question.name)
    const values = checkArguments(prompt, question.arguments)
    return {
      ...(prompt.description !== undefined && { description: prompt.description }),
      messages: prompt.messages.flatMap((message) => fill(message, values)),
    }
  })

function fill(
  { role, text, resource }: MessageOptions,
  values: Readonly<Record<string, string>>,
): FilledMessage[] {
  if (resource !== undefined) return [{ role, resource: fillUri(resource, values) }]
  const filled = fillText(text ?? '', values)
  return filled === '' ? [] : [{ role, text: filled }]
}

export interface PromptTyping extends PromptQuestion {
  readonly argument: string
  /** What has been typed of it. */
  readonly value: string
}

/** Answers `{ values }`. */
export const completingPrompt = (open: OpenPrompts, typing: PromptTyping): Tool =>
  asCall({ name: 'get_prompt', method: 'completion/complete' }, async (context) => {
    const prompt = promptNamed(open, typing.name)
    const argument = prompt.arguments.find(({ name }) => name === typing.argument)
    if (argument === undefined) return { values: [] }
    const { value, arguments: others } = typing
    return { values: await suggest({ argument, value, others }, open.sources, context) }
  })

function promptNamed({ prompts }: OpenPrompts, wanted: string): PromptOptions {
  const found = prompts.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  const name = shorten(wanted, 100)
  throw new AppError('unknown_prompt', `There is no prompt ${name}.`, {
    subject: name,
    hint: choices(
      name,
      'Prompts',
      prompts.map((one) => one.name),
    ),
  })
}
