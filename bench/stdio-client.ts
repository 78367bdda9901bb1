import { type ChildProcess, spawn } from 'node:child_process'

/** How a server is started. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

type Message = Readonly<Record<string, unknown>>

const answerMs = 20_000

/** JSON-RPC over pipes and nothing else, so that the client costs the same for every server. */
export class StdioClient {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve(line: string): void; reject(error: Error): void }>()
  #rest = ''
  #id = 0

  constructor({ command, args, env }: Command) {
    this.#child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.#child.on('exit', () => this.#fail(new Error(`${command} ended`)))
    this.#child.on('error', (error) => this.#fail(error))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The whole line of the answer, as it came. */
  request(method: string, params: object): Promise<string> {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${method} took over ${answerMs} ms`)),
        answerMs,
      )
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T): void => (clearTimeout(timer), done(value))
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      this.#send({ jsonrpc: '2.0', id, method, params })
    })
  }

  /** 2025-11-25, which all of them speak. */
  async initialize(): Promise<void> {
    const clientInfo = { name: 'bench', version: '1' }
    await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo,
    })
    this.#send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #send(message: Message): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const id = idOf(line)
      if (id === undefined) continue
      this.#waiting.get(id)?.resolve(line)
      this.#waiting.delete(id)
    }
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}

/** The id of an answer; some servers print other lines as well. */
function idOf(line: string): number | undefined {
  try {
    const { id } = JSON.parse(line) as { id?: unknown }
    return typeof id === 'number' ? id : undefined
  } catch {
    return undefined
  }
}
