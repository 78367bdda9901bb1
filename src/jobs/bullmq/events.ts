import type { Relay } from 'bullmq'
import { within } from '../../base/within.ts'
import { connectMs } from './backing.ts'
import { away } from './failures.ts'

export interface JobEvent {
  readonly id: string
  readonly cancelled: boolean
}

const topic = 'job'
const againMs = 1000

/**
 * What happens to jobs, told to every process. A hint only: what is missed while the server is away
 * is seen at the next look or renewal.
 */
export class JobEvents {
  readonly #open: () => Promise<Relay<never>>
  readonly #listeners = new Set<(event: JobEvent) => void>()
  #relay: Relay<never> | undefined
  #again: NodeJS.Timeout | undefined
  #closed = false

  constructor(open: () => Promise<Relay<never>>) {
    this.#open = open
  }

  /** Until it has succeeded, every second. */
  async start(): Promise<void> {
    try {
      const relay = await this.#open()
      // Also where it is closed at once: an error that nobody hears ends the process.
      relay.on('error', () => undefined)
      if (this.#closed) return await relay.close()
      this.#relay = relay
      await within(relay.waitUntilReady(), connectMs, away)
      await within(
        relay.subscribe(topic, ({ data }) => this.#hear(data as JobEvent)),
        connectMs,
        away,
      )
    } catch {
      await this.#stop()
      if (!this.#closed) this.#again = setTimeout(() => void this.start(), againMs).unref()
    }
  }

  listen(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: JobEvent): void {
    this.#hear(event)
    this.#relay?.publish(topic, event).catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#again)
    await this.#stop()
  }

  async #stop(): Promise<void> {
    const relay = this.#relay
    this.#relay = undefined
    // It says goodbye to the server, which may be gone.
    if (relay) await within(relay.close(), connectMs, away).catch(() => undefined)
  }

  #hear(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
