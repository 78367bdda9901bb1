type Fetch = typeof fetch

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

  /** Hears every byte of an answer. The SDK keeps pings to itself, and a model that thinks may send nothing else for long. */
  listensTo(get: Fetch): Fetch {
    return async (...request) => {
      const response = await get(...request)
      this.#heard()
      if (response.body === null) return response
      const listening = new TransformStream<Uint8Array, Uint8Array>({
        transform: (bytes, onwards) => {
          this.#heard()
          onwards.enqueue(bytes)
        },
      })
      return new Response(response.body.pipeThrough(listening), response)
    }
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #heard(): void {
    if (!this.#stopped) this.#timer.refresh()
  }
}
