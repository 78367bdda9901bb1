import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { connect } from 'node:net'
import type { WhenDone } from '../../dist/testing/index.js'

/** Listens, lets two wait, and takes nobody: Linux drops whoever comes after them (listen(2)). */
const listen = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, server.address().port + '\\n')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** A port that neither takes nor refuses a connection, as the address of a container that has gone. */
export async function blackHole(whenDone: WhenDone): Promise<number> {
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  whenDone(() => void child.kill('SIGKILL'))
  const port = await portOf(child)
  for (let number = 0; number < 2; number += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    whenDone(() => void socket.destroy())
    await once(socket, 'connect')
  }
  return port
}

async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('It says no port.')
  const [line] = (await once(createInterface(stdout), 'line')) as [string]
  return Number(line)
}
