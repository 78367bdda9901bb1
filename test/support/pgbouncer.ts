import { spawn, spawnSync } from 'node:child_process'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WhenDone } from '../../dist/testing/index.js'
import { freePort } from './free-port.ts'
import { accepts } from './nginx.ts'
import { unprivileged } from './own-server.ts'
import { server } from './postgres.ts'
import { scratchFolder } from './scratch.ts'
import { pause } from './workers.ts'

export const hasPgbouncer: boolean = spawnSync('pgbouncer', ['--version']).status === 0
if (!hasPgbouncer)
  process.stdout.write('There is no pgbouncer here: nothing is tested behind a pooler.\n')

/** A pooler in transaction mode before the server of the tests; gives its `host:port`. */
export async function startPgbouncer(whenDone: WhenDone): Promise<string> {
  const folder = scratchFolder(whenDone)
  const port = await freePort()
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? unprivileged() : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const path = join(folder, 'pgbouncer.ini')
  writeFileSync(
    path,
    `[databases]
* = host=${server.host} port=${server.port} user=${server.user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = extra_float_digits
`,
  )
  const child = spawn('pgbouncer', [path], { stdio: ['ignore', 'ignore', 'pipe'], ...user })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  whenDone(() => void child.kill('SIGKILL'))
  const deadline = Date.now() + 10_000
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`No pgbouncer: ${said}`)
    await pause(20)
  }
  return `127.0.0.1:${port}`
}
