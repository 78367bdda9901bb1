import { randomBytes } from 'node:crypto'
import { AppError } from '../../base/error.ts'
import type { ToolDefinition } from '../messages.ts'

/** Characters of one result that a model reads at once, and of all that are kept for it. */
const defaultShown = 40_000
const mostKept = 64 * 1024 * 1024

/** The built-in tool that pages through what was too long. Its name cannot be that of a server's tool. */
export const readResult: ToolDefinition = {
  name: 'read_result',
  description:
    'Reads on in a tool result that was cut in the middle. Give the result_id that the cut names, and the offset of the first character wanted.',
  input_schema: {
    type: 'object',
    properties: {
      result_id: { type: 'string' },
      offset: { type: 'integer', minimum: 0, description: 'Counted in characters from 0.' },
    },
    required: ['result_id', 'offset'],
  },
}

/** Long results, whole, so that what a model does not see at once is not lost. The oldest go first. */
export class KeptResults {
  /** Most characters that a model reads at once. */
  readonly shown: number
  /** An id of another run, which a conversation that goes on may still name, is none of this one. */
  readonly #run = randomBytes(3).toString('hex')
  readonly #kept = new Map<string, string>()
  #size = 0
  #count = 0

  constructor(shown: number = defaultShown) {
    this.shown = shown
  }

  /** The text if it is short enough, else its head and its tail, and how to read the rest. */
  cut(text: string): string {
    if (text.length <= this.shown) return text
    const id = this.#keep(text)
    const head = whole(text.slice(0, Math.floor(this.shown * 0.75)))
    const tail = whole(text.slice(text.length - Math.floor(this.shown * 0.25)))
    const left = text.length - head.length - tail.length
    const how = `[${left} characters left out; read_result with result_id "${id}" and offset ${head.length} reads on; the whole has ${text.length}]`
    return `${head}\n${how}\n${tail}`
  }

  /** @throws AppError `invalid_input` for an id that is unknown or gone */
  read(id: unknown, offset: unknown): string {
    const text = this.#kept.get(String(id))
    const start = Number(offset ?? 0)
    if (text === undefined) {
      throw new AppError('invalid_input', `There is no result ${JSON.stringify(id)} any more.`, {
        hint: 'Call the tool again, and ask it for less.',
      })
    }
    if (!Number.isSafeInteger(start) || start < 0 || start >= text.length) {
      throw new AppError('invalid_input', `offset is a number from 0 to ${text.length - 1}.`)
    }
    const page = whole(text.slice(start, start + this.shown))
    const next = start + page.length
    return next >= text.length ? page : `${page}\n[goes on at offset ${next} of ${text.length}]`
  }

  #keep(text: string): string {
    this.#count += 1
    const id = `${this.#run}-${this.#count}`
    this.#kept.set(id, text)
    this.#size += text.length
    for (const [old, { length }] of this.#kept) {
      if (this.#size <= mostKept) break
      this.#kept.delete(old)
      this.#size -= length
    }
    return id
  }
}

/** A pair of surrogates that a cut went through would be no text. */
const whole = (text: string): string => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
