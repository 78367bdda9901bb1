import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'

export const mainPath: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** All that a server has, in order. */
export const toolNames = [
  'query_database',
  'get_schema',
  'get_job_status',
  'cancel_job',
  'refresh_cache',
]

/** The server as a client starts it. */
export const serverCommand = (target: string): { command: string; args: string[] } => ({
  command: process.execPath,
  args: [mainPath, 'serve', target],
})

type Message = Readonly<Record<string, unknown>>

/** A server driven line by line, for what no client would send. */
export class RawServer {
  readonly process: ChildProcessWithoutNullStreams
  /** Every line of stdout so far. */
  readonly lines: string[] = []
  stderr = ''
  /** The first message of each id. */
  readonly #answers = new Map<unknown, Message>()
  readonly #waiting = new Set<() => void>()

  constructor(target: string, whenDone: WhenDone = onTestFinished) {
    const { command, args } = serverCommand(target)
    this.process = spawn(command, args)
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    createInterface(this.process.stdout).on('line', (line) => {
      this.lines.push(line)
      const message = parse(line)
      const id = message?.['id']
      if (message !== undefined && !this.#answers.has(id)) this.#answers.set(id, message)
      for (const look of this.#waiting) look()
    })
    whenDone(() => void this.process.kill('SIGKILL'))
  }

  send(...messages: readonly (Message | string)[]): void {
    for (const message of messages) {
      this.process.stdin.write(
        `${typeof message === 'string' ? message : JSON.stringify(message)}\n`,
      )
    }
  }

  initialize(protocolVersion = '2025-11-25'): Promise<Message> {
    const clientInfo = { name: 'raw', version: '1' }
    this.send({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion, capabilities: {}, clientInfo },
    })
    const answer = this.answerTo(0)
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return answer
  }

  query(id: number, query: string): Promise<Message> {
    return this.call(id, 'query_database', { query })
  }

  call(id: number, name: string, input: object): Promise<Message> {
    this.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } })
    return this.answerTo(id)
  }

  answerTo(id: number): Promise<Message> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.#answers.get(id)
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** The exit code, once it has ended. */
  ended(): Promise<number | null> {
    return new Promise((resolve) => {
      if (this.process.exitCode !== null) resolve(this.process.exitCode)
      this.process.once('exit', resolve)
    })
  }
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message
  } catch {
    return undefined
  }
}
