import { type Block, type Message, text, type ToolResultBlock, toResultBlock } from './messages.ts'
import { join, type Labels } from './safety/labels.ts'

/** What was said so far, and what is known of it. Messages are added and never changed. */
export class Conversation {
  readonly #messages: Message[]
  #read: Labels

  constructor(read: Labels, messages: readonly Message[] = []) {
    this.#read = read
    this.#messages = [...messages]
  }

  get messages(): readonly Message[] {
    return this.#messages
  }

  get read(): Labels {
    return this.#read
  }

  /** From the user's side; what follows an unanswered message of that side is sent with it. */
  hear(content: readonly Block[]): void {
    if (content.length === 0) return
    const last = this.#messages.at(-1)
    if (last?.role !== 'user') this.#messages.push({ role: 'user', content })
    else this.#messages.splice(-1, 1, { role: 'user', content: [...last.content, ...content] })
  }

  /** An answer of the model, as it came. The API refuses an empty one as part of a later request. */
  say(content: readonly Block[]): void {
    if (content.length > 0) this.#messages.push({ role: 'assistant', content })
  }

  raise(labels: Labels): void {
    this.#read = join(this.#read, labels)
  }
}

export const noteOf = (limit: string): Block =>
  text(
    `[The run has reached its limit of ${limit}. Answer now, with what you have and without further calls; say what is missing.]`,
  )

/** The answer to a call that nothing came of. */
export const notMade = (id: string): ToolResultBlock =>
  toResultBlock(id, [text('This call was not made.')], true)
