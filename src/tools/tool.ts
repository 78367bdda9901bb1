import { z } from 'zod'
import type { Actor } from '../base/actor.ts'
import type { OnProgress } from '../base/progress.ts'
import { type CachedCall, type CacheTerms, freshArgument } from './cache/cached-call.ts'
import { tidyArguments, wrongArguments } from './arguments.ts'
import { type DeclaredSource, type DeclaredSources, pickSource } from './served-source.ts'
import { withListedSource, withSource } from './source-argument.ts'

export interface CallContext {
  /** The client's cancel, a closed stream, a shutdown. */
  readonly signal: AbortSignal
  /** Nobody is known where it is left out: then nothing that depends on who asks is allowed. */
  readonly actor?: Actor | undefined
  /** How long the statement may run, where that is longer than its call. */
  readonly timeoutMs?: number | undefined
  /** Called when the statement begins to run, and from time to time with how far it is. */
  readonly onProgress?: OnProgress | undefined
}

/** What a client is told of a tool's effects (MCP: ToolAnnotations). */
export interface Annotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** The whole of what a call gives back, as a JSON object. */
export type Answer = Readonly<Record<string, unknown>>

/** JSON Schema of a tool's arguments. */
export interface InputSchema {
  readonly type: 'object'
  readonly [keyword: string]: unknown
}

/** What a call is about, for the record; nothing of it was checked. */
export interface Subject {
  readonly source?: string | undefined
  readonly statement?: string | undefined
  readonly job?: string | undefined
}

/** What a call is about to do, all of it: what a person is shown before it is done. */
export interface Plan {
  /** In a few words: `Run this statement on shop`. */
  readonly action: string
  /** As it runs: a statement, or a method and a URL. */
  readonly text: string
  /** The same as a model may read it, where that is less. */
  readonly textForModel?: string
  /** What is put into it, by name. */
  readonly values: Readonly<Record<string, unknown>>
  /** Names of values that a person may see and a model may not, such as claims. */
  readonly closedToModel?: readonly string[]
  /** What it is kept within: `At most 1 row changes, or none.` */
  readonly bounds: string
  /** Differs where something else would run under the same words, such as elsewhere; shown to nobody. */
  readonly definition: string
}

/** A call whose arguments were checked. What runs is what the plan tells. */
export interface Prepared {
  readonly plan: Plan
  run(context: CallContext): Promise<Answer>
}

/**
 * There where a tool changes something: nothing of it runs before a person has seen what
 * (`confirm/gate.ts`). `prepare` changes nothing, and throws AppErrors only.
 */
interface Effect {
  prepare(input: unknown, context: CallContext): Promise<Prepared>
}

/** Something a model can do. `run` throws AppErrors only. */
export interface Tool {
  readonly name: string
  /** Of the protocol, where it is not tools/call. */
  readonly method?: string
  /** It stands for a tool that is not there: its name is whatever a caller wrote. */
  readonly isMissing?: true
  /** It runs a statement that may outlast the call. */
  readonly mayTakeLong?: true
  readonly title: string
  readonly description: string
  /** Claims of the caller that its answer depends on. */
  readonly claims?: readonly string[]
  /** The source that it is about, where that is always the same one; closed to whom that is closed. */
  readonly source?: string | undefined
  /** As listed: JSON Schema, 2020-12. */
  readonly inputSchema: InputSchema
  readonly annotations: Annotations
  /** It changes something: then `run` refuses, and the call goes by what was prepared and confirmed. */
  readonly effect?: Effect
  subject(input: unknown): Subject
  /**
   * There where its answers may be given again: how, for the arguments as they are taken. Gives nothing for a call
   * that is always to be answered anew.
   */
  cached?(
    input: unknown,
    context: CallContext,
  ): CachedCall | undefined | Promise<CachedCall | undefined>
  run(input: unknown, context: CallContext): Promise<Answer>
}

export const readOnly: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

/** Of a tool that changes something: the same call again changes it again. */
export const writing: Annotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
}

/**
 * A tool over the sources, whose arguments are checked before it runs, so that `run` sees only what
 * `input` describes, and the source that was meant.
 */
export function defineSourceTool<Input extends z.ZodObject>(
  sources: DeclaredSources,
  {
    cacheTerms,
    ...tool
  }: Omit<Tool, 'inputSchema' | 'subject' | 'cached' | 'run'> & {
    readonly input: Input
    /** How long an answer from that source is given again; the arguments have `fresh` then. */
    readonly cacheTerms?: (source: DeclaredSource) => CacheTerms | undefined
    run(input: z.output<Input>, source: DeclaredSource, context: CallContext): Promise<Answer>
  },
): Tool {
  const isCached = [...sources.values()].some((one) => cacheTerms?.(one) !== undefined)
  const own = isCached ? tool.input.extend({ fresh: freshArgument }) : tool.input
  const input = withListedSource(own, sources)
  const checked = withSource(own)
  const read = (given: unknown) => {
    const { source: name, fresh, ...rest } = parse(given, checked, { tool: tool.name, input })
    return { rest, fresh, source: pickSource(sources, name as string | undefined) }
  }
  const cached = (given: unknown): CachedCall | undefined => {
    const { rest, fresh, source } = read(given)
    const terms = cacheTerms?.(source)
    return terms && { ...terms, source, arguments: rest, isFresh: fresh === true }
  }
  return {
    ...tool,
    inputSchema: toInputSchema(input),
    subject: (given) => subjectOf(given, sources),
    ...(isCached && { cached }),
    async run(given, context) {
      const { rest, source } = read(given)
      return tool.run(rest as z.output<Input>, source, context)
    },
  }
}

/** A tool that is about no source. */
export function definePlainTool<Input extends z.ZodObject>(
  tool: Omit<Tool, 'inputSchema' | 'subject' | 'cached' | 'run'> & {
    readonly input: Input
    run(input: z.output<Input>, context: CallContext): Promise<Answer>
  },
): Tool {
  return {
    ...tool,
    inputSchema: toInputSchema(tool.input),
    subject: (given) => ({ job: jobOf(given) }),
    run: async (given, context) =>
      tool.run(parse(given, tool.input, { tool: tool.name, input: tool.input }), context),
  }
}

function toInputSchema(input: z.ZodObject): InputSchema {
  // 2020-12 is what MCP assumes where `$schema` is left out.
  const { $schema: _dialect, ...schema } = z.toJSONSchema(input, { io: 'input' })
  return { ...schema, type: 'object' }
}

function parse<Input extends z.ZodObject>(
  given: unknown,
  checked: Input,
  listed: { readonly tool: string; readonly input: z.ZodObject },
): z.output<Input> {
  const asGiven = checked.safeParse(given ?? {})
  if (asGiven.success) return asGiven.data
  const asMeant = checked.safeParse(tidyArguments(given ?? {}, checked))
  if (asMeant.success) return asMeant.data
  throw wrongArguments({ ...listed, given }, asMeant.error)
}

function jobOf(given: unknown): string | undefined {
  const { job_id: id } = (given ?? {}) as { job_id?: unknown }
  return typeof id === 'string' ? id : undefined
}

function subjectOf(given: unknown, sources: DeclaredSources): Subject {
  const { source, query } = (given ?? {}) as { source?: unknown; query?: unknown }
  const [only] = sources.size === 1 ? sources.keys() : []
  return {
    source: typeof source === 'string' && source !== '' ? source : only,
    statement: typeof query === 'string' ? query : undefined,
  }
}
