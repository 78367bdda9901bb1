import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { createClient } from '@redis/client'
import { onTestFinished } from 'vitest'
import { redisPort, redisUrl } from './addresses.ts'
import { isReachable } from './is-reachable.ts'
import { scratchFolder } from './scratch.ts'

export { redisUrl }

export const hasRedis: boolean = await isReachable(redisPort)

export const hasRedisServer: boolean = await new Promise<boolean>((resolve) => {
  const probe = spawn('redis-server', ['--version'], { stdio: 'ignore' })
  probe.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0))
})

/** A beginning of keys that nobody else has; they are gone when the test ends. */
export function ownKeys(prefix = `vitrine-test:${randomUUID()}`): string {
  onTestFinished(async () => {
    const client = await createClient({ url: redisUrl }).connect()
    const keys = await client.keys(`${prefix}:*`)
    if (keys.length > 0) await client.del(keys)
    client.destroy()
  })
  return prefix
}

/** A Redis of the test's own, which it may stop, freeze and start again. */
export class OwnRedis {
  readonly port: number
  readonly url: string
  #process: ChildProcess | undefined
  readonly #folder = scratchFolder()

  constructor(port: number) {
    this.port = port
    this.url = `redis://127.0.0.1:${port}`
    onTestFinished(() => this.stop())
  }

  async start(...more: readonly string[]): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '']
    this.#process = spawn('redis-server', [...settings, ...more, '--dir', this.#folder], {
      stdio: 'ignore',
    })
    while (!(await isReachable(this.port))) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async stop(): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    this.#process = undefined
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await ended
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }
}

export async function makeRedis(...settings: readonly string[]): Promise<OwnRedis> {
  const redis = new OwnRedis(await freePort())
  await redis.start(...settings)
  return redis
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
