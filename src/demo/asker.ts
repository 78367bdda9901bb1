import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { AppError } from '../base/error.ts'
import { version } from '../base/version.ts'
import type { Question } from './questions.ts'

/** How a program is started. */
export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
}

export interface Answer {
  /** The whole answer; where a server gave no structured one, its text as `{text}`. */
  readonly content: Readonly<Record<string, unknown>>
  /** The answer is an error, which a model reads. */
  readonly failed: boolean
  readonly ms: number
}

const deadlineMs = 15_000
/** Of what the server says on stderr, the end is kept. */
const keptCharacters = 4000

/**
 * Of the class itself the client would start a second process to probe for the protocol's revision,
 * and lose what that one says; through a subclass it probes in place.
 */
class OneProcessTransport extends StdioClientTransport {}

/** A server in a process of its own, and the client that asks it, as Claude would. */
export class Asker {
  readonly #transport: OneProcessTransport
  readonly #client = new Client(
    { name: 'vitrine-demo', version },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  readonly #signal: AbortSignal
  #said = ''

  /** Starts nothing yet. The signal ends the process and every wait. */
  constructor({ command, args }: ServerCommand, signal: AbortSignal) {
    this.#signal = signal
    this.#transport = new OneProcessTransport({ command, args: [...args], stderr: 'pipe' })
    this.#transport.stderr?.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString()}`.slice(-keptCharacters)
    })
    signal.addEventListener('abort', () => this.#kill(), { once: true })
  }

  /** What the server wrote on stderr. */
  get said(): string {
    return this.#said
  }

  /** Starts the server; gives the names of its tools. */
  async start(): Promise<readonly string[]> {
    await this.#within('start', () => this.#client.connect(this.#transport))
    const { tools } = await this.#within('list its tools', () => this.#client.listTools())
    return tools.map(({ name }) => name)
  }

  async ask({ tool, arguments: input }: Question): Promise<Answer> {
    const start = performance.now()
    const { structuredContent, content, isError } = await this.#within('answer', () =>
      this.#client.callTool({ name: tool, arguments: { ...input } }),
    )
    const ms = performance.now() - start
    const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
    return {
      content: (structuredContent ?? { text }) as Answer['content'],
      failed: isError === true,
      ms,
    }
  }

  /** Hangs up, on which the server ends; one that does not is ended. */
  close(): Promise<void> {
    return this.#transport.close()
  }

  /** Waits until the deadline or the signal and no longer, whatever the process does. */
  #within<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#signal.aborted) return Promise.reject(stopped())
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(tooLate(what)), deadlineMs)
      const stop = (): void => reject(stopped())
      this.#signal.addEventListener('abort', stop, { once: true })
      void work()
        .then(resolve, (error: unknown) => reject(serverFailed(what, error)))
        .finally(() => {
          clearTimeout(timer)
          this.#signal.removeEventListener('abort', stop)
        })
    })
  }

  #kill(): void {
    const { pid } = this.#transport
    if (pid === null) return
    try {
      process.kill(pid)
    } catch {
      // It has ended by itself.
    }
  }
}

const stopped = (): AppError =>
  new AppError('cancelled', 'The demo was stopped.', { hint: 'Start it again when you like.' })

const tooLate = (what: string): AppError =>
  new AppError('timed_out', `The server did not ${what} within ${deadlineMs / 1000} seconds.`, {
    hint: 'Try again when the machine is less busy.',
  })

const serverFailed = (what: string, cause: unknown): AppError =>
  new AppError(
    'source_unavailable',
    `The server did not ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { hint: 'What it said, if anything, is above.', cause },
  )
