/** The `prompts` section: what people find as commands in their client. */
import { z } from 'zod'
import { didYouMean } from '../base/nearest.ts'
import { placeholdersOf } from '../prompts/fill.ts'
import type { PromptOptions, Suggestion } from '../prompts/options.ts'
import { type Context, eachKey, regardless, text } from './checks.ts'

const namePattern = /^[a-z][a-z0-9_]{0,62}$/

/** `source.table.column`; a table may have its schema before it. */
const columnPattern = /^([a-z][a-z0-9_]*)\.(.+)\.([^.]+)$/

const argumentSchema = z
  .strictObject({
    description: text(500)
      .meta({ description: 'What it is, told to whoever fills it in.', examples: ['The month'] })
      .optional(),
    required: z
      .boolean()
      .meta({ description: 'Whether it must be given.', default: false })
      .optional(),
    values: z
      .array(text(200))
      .min(1, 'expected at least one value')
      .max(200, 'expected at most 200 values')
      .meta({ description: 'The only values that are taken.', examples: [['north', 'south']] })
      .optional(),
    suggest: text(1000)
      .refine(
        (written) => toSuggestion(written) !== undefined,
        'expected sources, tables, or a column such as shop.orders.status',
      )
      .meta({
        description:
          'What is offered while it is typed: `sources`, `tables`, or the values of a column, `source.table.column`.',
        examples: ['shop.orders.status'],
      })
      .optional(),
  })
  .refine(({ values, suggest }) => values === undefined || suggest === undefined, {
    path: ['suggest'],
    error: 'does not go with values, which are offered themselves',
  })

const messageSchema = z
  .strictObject({
    role: z
      .enum(['user', 'assistant'])
      .meta({ description: 'Who says it.', default: 'user' })
      .optional(),
    text: text(20_000)
      .meta({
        description:
          'What is said. `{{name}}` is an argument; a line that asks for one which was not given is left out.',
        examples: ['How did {{region}} do in {{month}}?'],
      })
      .optional(),
    resource: text(2000)
      .meta({
        description: 'The URI of a resource that is put in whole; may ask for arguments too.',
        examples: ['vitrine://handbook/refunds.md'],
      })
      .optional(),
  })
  .refine(({ text: said, resource }) => (said === undefined) !== (resource === undefined), {
    error: 'expected either text or resource',
  })

const promptSchema = z
  .strictObject({
    title: text(200)
      .meta({ description: 'What people read.', examples: ['Weekly report'] })
      .optional(),
    description: text(1000)
      .meta({ description: 'What it is for.', examples: ['Figures of a week, with evidence'] })
      .optional(),
    source: text(100)
      .meta({
        description: 'A source that whoever uses it must have too.',
        examples: ['shop'],
      })
      .optional(),
    arguments: z
      .record(z.string(), argumentSchema)
      .superRefine(
        eachKey(
          namePattern,
          'an argument is named with small letters, digits and _, a letter first.',
        ),
        regardless,
      )
      .meta({ description: 'What is filled in.', examples: [{ month: { required: true } }] })
      .optional(),
    messages: z
      .array(messageSchema)
      .min(1, 'expected at least one message')
      .max(20, 'expected at most 20 messages')
      .meta({
        description: 'What is said to the model, in turns.',
        examples: [[{ text: 'How did {{month}} go?' }]],
      }),
  })
  .superRefine(asksForItsArguments)

export const promptsSchema = z
  .record(z.string(), promptSchema)
  .superRefine(
    eachKey(namePattern, 'a prompt is named with small letters, digits and _, a letter first.'),
    regardless,
  )
  .meta({
    propertyNames: { pattern: namePattern.source },
    examples: [{ weekly_report: { messages: [{ text: 'How did last week go?' }] } }],
  })

type WrittenPrompt = z.output<typeof promptSchema>
export type WrittenPrompts = z.output<typeof promptsSchema>

function asksForItsArguments(prompt: WrittenPrompt, context: Context): void {
  const names = Object.keys(prompt.arguments ?? {})
  const used = new Set<string>()
  for (const [index, message] of prompt.messages.entries()) {
    const key = message.text === undefined ? 'resource' : 'text'
    for (const name of placeholdersOf(message[key] ?? '')) {
      used.add(name)
      if (names.includes(name)) continue
      const hint = didYouMean(name, names)
      const words = `there is no argument ${name}${hint === undefined ? '' : `. ${hint}`}`
      context.addIssue({ code: 'custom', path: ['messages', index, key], message: words })
    }
  }
  for (const name of names) {
    if (used.has(name)) continue
    context.addIssue({
      code: 'custom',
      path: ['arguments', name],
      message: 'no message asks for it',
    })
  }
}

/** Prompts that name a source name one that is there. */
export function namePromptSources(
  prompts: WrittenPrompts | undefined,
  sources: readonly string[],
  context: Context,
): void {
  for (const [name, { source, arguments: asked = {} }] of Object.entries(prompts ?? {})) {
    const wrong = (path: string[]): void =>
      context.addIssue({
        code: 'custom',
        path: ['prompts', name, ...path],
        message: 'expected the name of a source',
      })
    if (source !== undefined && !sources.includes(source)) wrong(['source'])
    for (const [argument, { suggest }] of Object.entries(asked)) {
      const suggestion = toSuggestion(suggest ?? '')
      if (typeof suggestion === 'object' && !sources.includes(suggestion.source))
        wrong(['arguments', argument, 'suggest'])
    }
  }
}

export const toPrompts = (written: WrittenPrompts | undefined): readonly PromptOptions[] =>
  Object.entries(written ?? {}).map(
    ([name, { title, description, source, arguments: asked, messages }]) => ({
      name,
      title,
      description,
      source,
      arguments: Object.entries(asked ?? {}).map(([argument, { suggest, required, ...rest }]) => ({
        name: argument,
        required: required ?? false,
        suggest: toSuggestion(suggest ?? ''),
        ...rest,
      })),
      messages: messages.map(({ role = 'user', ...message }) => ({ role, ...message })),
    }),
  )

function toSuggestion(written: string): Suggestion | undefined {
  if (written === 'sources' || written === 'tables') return written
  const [, source, table, column] = columnPattern.exec(written) ?? []
  return source && table && column ? { source, table, column } : undefined
}
