/** A tool written in TypeScript or JavaScript, by whoever runs the server. */
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import type { OnProgress } from '../base/progress.ts'
import type { TableAnswer } from '../results/answer.ts'
import type { Answer } from './tool.ts'

/**
 * A schema that checks values and tells itself as JSON Schema: those of Zod 4.2 and later, and of every
 * other library that keeps to Standard Schema (https://standardschema.dev) and Standard JSON Schema.
 */
export interface ArgumentsSchema<Input> {
  readonly '~standard': {
    readonly validate: (value: unknown) => Validated<Input> | Promise<Validated<Input>>
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
    }
  }
}

type Validated<Input> =
  | { readonly value: Input; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A value that is bound to a statement; a list stands in the brackets of an IN. */
export type BoundValue = null | boolean | number | bigint | string

export interface QueryOptions {
  /** Values of the statement, by the names that it writes as `:name`. They never become part of its text. */
  readonly values?: Readonly<Record<string, BoundValue | readonly BoundValue[]>>
  /** Most rows; the limit of the source where left out. */
  readonly rows?: number
}

/** What a tool is given besides its arguments. */
export interface ToolContext {
  /** Who asks. */
  readonly actor: Pick<Actor, 'id' | 'claims'>
  /** Aborted when the client cancels or hangs up, and when the server ends: hand it on to whatever waits. */
  readonly signal: AbortSignal
  /** Tells whoever waits how far it is: rows read, or the share that is done, of 1. */
  readonly onProgress: OnProgress
  /**
   * Runs one statement that reads, through the guard and within the limits of that source, as far as it is
   * open to whoever asks.
   *
   * @throws AppError as query_database answers with
   */
  readonly query: (
    source: string,
    statement: string,
    options?: QueryOptions,
  ) => Promise<TableAnswer>
}

export interface ToolDefinition<Input> {
  /** Small letters, digits and _, a letter first, at most 63. */
  readonly name: string
  /** For people; made from the name where left out. */
  readonly title?: string
  /** What it does and when to use it, told to the model. */
  readonly description: string
  /** What a model gives: an object. */
  readonly input: ArgumentsSchema<Input>
  /** The source that it is about: only who may use that one has the tool. */
  readonly source?: string
  /** It reaches out to what is not this server's; false where left out. */
  readonly openWorld?: boolean
  /** It may take longer than a call: then it goes on as a job of its source. */
  readonly long?: boolean
  /** It changes something: then it has to describe what, and a person confirms each call. */
  readonly effect?: 'write'
  /**
   * What a call will do, in full, for the person who is asked to confirm it; they see the arguments as well. It
   * changes nothing.
   */
  describe?(input: Input, context: ToolContext): string | Promise<string>
  /** Gives a JSON object, or a text. What is thrown and is no AppError says nothing of itself to a model. */
  run(input: Input, context: ToolContext): Promise<Answer | string>
}

const mark = Symbol.for('vitrine.tool')

export interface DefinedTool<Input = unknown> extends ToolDefinition<Input> {
  readonly [mark]: true
}

const namePattern = /^[a-z][a-z0-9_]{0,62}$/

/**
 * A tool of one's own.
 *
 * @throws AppError `config_invalid` where it cannot be one
 * @example
 * export default defineTool({
 *   name: 'convert_currency',
 *   description: 'Converts an amount at the rate of today.',
 *   input: z.object({ cents: z.int(), to: z.enum(['EUR', 'USD']) }),
 *   run: async ({ cents, to }) => ({ cents: await convert(cents, to) }),
 * })
 */
export function defineTool<Input>(definition: ToolDefinition<Input>): DefinedTool<Input> {
  const { name, description, input, source, long, effect } = definition
  if (!namePattern.test(name))
    throw wrong(name, 'a name is up to 63 small letters, digits and _, a letter first')
  if (description.trim() === '') throw wrong(name, 'a description is missing')
  if (toJsonSchema(input)['type'] !== 'object') throw wrong(name, 'its input must be an object')
  if (long === true && source === undefined)
    throw wrong(name, 'what may take long needs a source, of whose jobs it is one')
  if ((effect === undefined) !== (definition.describe === undefined))
    throw wrong(name, "effect: 'write' and describe go together")
  if (effect !== undefined && long === true) throw wrong(name, 'what changes something is no job')
  return { ...definition, [mark]: true }
}

/** Whichever copy of the package defined it. */
export const isDefinedTool = (value: unknown): value is DefinedTool =>
  typeof value === 'object' && value !== null && mark in value

/** @throws AppError `config_invalid` for a schema that cannot be told as JSON Schema */
export function toJsonSchema(input: ArgumentsSchema<unknown>): Record<string, unknown> {
  try {
    return input['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
  } catch (cause) {
    throw new AppError('config_invalid', 'The input of a tool cannot be told as JSON Schema.', {
      hint: 'Use z.object({ … }) of Zod 4.2 or later, without transforms that JSON Schema has no words for.',
      cause,
    })
  }
}

const wrong = (name: string, why: string): AppError =>
  new AppError('config_invalid', `The tool ${JSON.stringify(name)} cannot be defined: ${why}.`)
