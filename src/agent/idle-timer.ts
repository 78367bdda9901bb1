/** Fires when nothing has come for too long: the SDK's own timeout does not see a stream that stalls. */
export class IdleTimer {
  readonly #controller = new AbortController()
  readonly ms: number
  readonly #timer: NodeJS.Timeout
  #stopped = false

  constructor(ms: number) {
    this.ms = ms
    this.#timer = setTimeout(() => this.#controller.abort(), ms)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  readonly heard = (): void => {
    if (!this.#stopped) this.#timer.refresh()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}

/** Beside what `fetch` takes: who hears of every piece of the answer. */
export interface Hearing {
  readonly onBytes: () => void
}

/**
 * `fetch` that tells of every piece of an answer as it is read. The SDK keeps pings to itself, and a model that thinks may
 * send nothing else for long. The body stays the one it was: a stream around it would cost as much as the whole request.
 */
export const hearingFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const onBytes = (init as Partial<Hearing> | undefined)?.onBytes
  const { body } = response
  if (onBytes === undefined || body === null) return response
  onBytes()
  const iterate = body[Symbol.asyncIterator].bind(body)
  Object.defineProperty(body, Symbol.asyncIterator, {
    value: async function* heard() {
      for await (const bytes of { [Symbol.asyncIterator]: iterate }) {
        onBytes()
        yield bytes
      }
    },
  })
  return response
}
