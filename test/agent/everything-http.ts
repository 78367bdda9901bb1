import { type ChildProcess, spawn } from 'node:child_process'
import type { WhenDone } from '../../dist/testing/index.js'
import { everythingPath } from './servers.ts'

/** `server-everything` over HTTP on that port, once it listens. */
export async function startEverything(port: number, whenDone: WhenDone): Promise<ChildProcess> {
  const env = { ...process.env, PORT: String(port) }
  const child = spawn(process.execPath, [everythingPath, 'streamableHttp'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  })
  whenDone(() => void child.kill('SIGKILL'))
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (text: Buffer) => text.toString().includes('listening') && resolve())
  })
  return child
}
