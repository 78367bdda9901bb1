/** What is served, as the pages tell it. Nothing of it is asked for here: whoever hands it in has looked. */
import type { ErrorAnswer } from '../base/error.ts'
import type { ListedTool } from '../tools/listed-tool.ts'
import type { Answer } from '../tools/tool.ts'

export interface ServerDescription {
  readonly name: string
  readonly version: string
  /** When examples were run, as `2026-01-31`. */
  readonly day: string
  /** As `vitrine call` takes it; never with a password. */
  readonly target: string
  /** Of /mcp, as clients type it. */
  readonly url: string
  readonly needsToken: boolean
  readonly tools: readonly ToolDescription[]
  /** Of the definitions of all tools together. */
  readonly tokens: number
  readonly sources: readonly SourceDescription[]
  readonly callers: readonly CallerDescription[]
  readonly groups: readonly GroupDescription[]
  /** How much one caller may use. */
  readonly limits: readonly Fact[]
  readonly resources: readonly NamedDescription[]
  readonly prompts: readonly NamedDescription[]
}

export interface Fact {
  readonly name: string
  readonly value: string
}

export interface ToolDescription extends Omit<ListedTool, 'description'> {
  /** What it does; the meaning of columns is apart from it. */
  readonly purpose: string
  readonly effect: Effect
  /** Names of those it can ask. */
  readonly sources: readonly string[]
  /** What is taken from what is known of the caller. */
  readonly claims: readonly string[]
  /** Names of columns of its answer → what they mean. */
  readonly columns: Readonly<Record<string, string>>
  readonly limits: readonly Fact[]
  /** Names of those in `callers` who may call it. */
  readonly callers: readonly string[]
  readonly groups: readonly string[]
  /** Of its definition, in every conversation. */
  readonly tokens: number
  readonly examples: readonly ExampleDescription[]
}

/**
 * `reads`; `writes` what belongs to others, and each call is confirmed; `keeps` changes nothing but what the
 * server keeps for itself: jobs, cached answers.
 */
export type Effect = 'reads' | 'writes' | 'keeps'

export interface ExampleDescription {
  readonly title: string | undefined
  readonly arguments: Readonly<Record<string, unknown>>
  readonly outcome: Outcome
}

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly answer: ErrorAnswer }
  /** It was not run. */
  | { readonly kind: 'none'; readonly why: string }

export interface SourceDescription {
  readonly name: string
  /** `SQLite`, `an HTTP API`. */
  readonly engine: string
  readonly description: string | undefined
  readonly limits: readonly Fact[]
}

/** A way to come in, and what it opens. */
export interface CallerDescription {
  readonly name: string
  readonly how: string
  readonly tools: readonly string[]
}

interface GroupDescription {
  readonly name: string
  readonly url: string
  readonly tools: readonly string[]
}

/** A resource or a prompt. */
export interface NamedDescription {
  /** A URI or a name. */
  readonly name: string
  readonly description: string | undefined
  /** What a person or a client fills in. */
  readonly arguments: readonly string[]
}
