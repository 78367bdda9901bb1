/** A prompt as the config writes it, in normal form; those that ship are written alike. */

/** Where values come from that are offered while an argument is typed. */
export type Suggestion =
  | 'sources'
  | 'tables'
  | { readonly source: string; readonly table: string; readonly column: string }

export interface ArgumentOptions {
  readonly name: string
  readonly description?: string | undefined
  readonly required: boolean
  /** The only values that are taken. */
  readonly values?: readonly string[] | undefined
  /** What is offered where any value is taken. */
  readonly suggest?: Suggestion | undefined
}

/** Either a text, or a resource that is put in whole. Both may ask for arguments: `{{name}}`. */
export interface MessageOptions {
  readonly role: 'user' | 'assistant'
  readonly text?: string | undefined
  /** Its URI. */
  readonly resource?: string | undefined
}

export interface PromptOptions {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** Closed to whom that source is closed. */
  readonly source?: string | undefined
  readonly arguments: readonly ArgumentOptions[]
  readonly messages: readonly MessageOptions[]
}

/** All that the config says of prompts. */
export interface PromptsOptions {
  /** Those that ship are there as well, but for those of which the config has one of the same name. */
  readonly defaults: boolean
  readonly own: readonly PromptOptions[]
}
