import { Conversation, notMade } from '../conversation.ts'
import { type Block, isToolUse, text, toResultBlock } from '../messages.ts'
import type { Labels } from '../safety/labels.ts'
import type { Entry } from './entry.ts'

/**
 * The conversation that a transcript tells of, ready to go on. A call whose result is missing was being
 * made when the process ended, so its outcome is unknown; one that was not begun was not made.
 */
export function resume(entries: readonly Entry[], read: Labels): Conversation {
  const conversation = new Conversation(read)
  const writing = new Writing(conversation)
  for (const entry of entries) writing.follow(entry)
  writing.settle()
  return conversation
}

/** Results of the calls of one answer go into one message, whatever the order in which they came. */
class Writing {
  readonly #conversation: Conversation
  #open: string[] = []
  #begun = new Set<string>()
  #results = new Map<string, Block>()

  constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  follow(entry: Entry): void {
    switch (entry.type) {
      case 'run':
        this.#conversation.raise(entry.read)
        return
      case 'message':
        this.settle()
        this.#conversation.hear(entry.message.content)
        return
      case 'request':
        this.settle()
        if (entry.note !== undefined) this.#conversation.hear([text(entry.note)])
        return
      case 'reply':
        this.#conversation.say(entry.reply.content)
        this.#open = entry.reply.content.filter(isToolUse).map(({ id }) => id)
        return
      case 'call':
        this.#begun.add(entry.id)
        return
      case 'result': {
        const { id, content, isError } = entry
        this.#conversation.raise(entry.read)
        this.#results.set(id, toResultBlock(id, content, isError))
        return
      }
      case 'broken':
      case 'decision':
      case 'outcome':
    }
  }

  /** Every call has its answer before anything else is said. */
  settle(): void {
    if (this.#open.length === 0) return
    this.#conversation.hear(this.#open.map((id) => this.#results.get(id) ?? this.#missing(id)))
    this.#open = []
    this.#results = new Map()
    this.#begun = new Set()
  }

  #missing(id: string): Block {
    if (!this.#begun.has(id)) return notMade(id)
    // What it gave was not written down; what it may have read counts.
    this.#conversation.raise({ untrusted: true, sensitive: true })
    return toResultBlock(id, [text(unknownOutcome)], true)
  }
}

const unknownOutcome =
  'The process ended during this call. Its outcome is unknown: it may have had its effect. Look before it is made again.'
