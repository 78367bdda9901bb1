import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { scratchFolder } from './scratch.ts'

/** A database server that one test has for itself: it may be killed. */
export interface OwnServer {
  readonly url: string
  readonly start: () => void
  /** As its administrator would stop it; ends once the process is gone. */
  readonly stop: () => Promise<void>
  /** As a power cut would. */
  readonly kill: () => Promise<void>
}

interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly user: User
  /** What it takes as an order to stop without waiting for its clients. */
  readonly stopSignal: NodeJS.Signals
}

/** Whoever the server runs as; PostgreSQL refuses to run as root. */
export interface User {
  readonly uid?: number
  readonly gid?: number
}

const isRoot = process.getuid?.() === 0

/** The folder of the first that is there; undefined, and said so, where none is. */
function findProgram(name: string, folders: readonly string[]): string | undefined {
  const folder = folders.find((one) => existsSync(join(one, name)))
  if (folder === undefined) {
    process.stdout.write(`There is no ${name} here: no test restarts a server of its kind.\n`)
  }
  return folder
}

const folders = (process.env['PATH'] ?? '').split(':')
const mariadbFolder = findProgram('mariadbd', [...folders, '/usr/sbin', '/usr/local/sbin'])
const postgresFolder = findProgram('initdb', [...folders, ...packagedPostgres()])

export const hasMariadbServer: boolean = mariadbFolder !== undefined
export const hasPostgresServer: boolean = postgresFolder !== undefined

/** Where Debian puts what is not for everybody's path. */
function packagedPostgres(): string[] {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return []
  return readdirSync(versions).map((version) => join(versions, version, 'bin'))
}

/** A server of nobody else's, stopped when the test ends. */
export async function makeMariadbServer(): Promise<OwnServer> {
  const [folder, port] = [scratchFolder(), await freePort()]
  const data = join(folder, 'data')
  const user = isRoot ? ['--user=root'] : []
  const own = ['--no-defaults', `--datadir=${data}`, ...user]
  execFileSync(
    'mariadb-install-db',
    [...own, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'ignore', timeout: 20_000 },
  )
  const program: Program = {
    command: join(mariadbFolder ?? '', 'mariadbd'),
    args: [
      ...own,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
    ],
    user: {},
    stopSignal: 'SIGTERM',
  }
  const server = toServer(program, `mariadb://root@127.0.0.1:${port}`)
  onTestFinished(server.kill)
  return server
}

/** Its data is in the folder `data` of the one given. */
export async function makePostgresServer(folder = scratchFolder()): Promise<OwnServer> {
  const server = await preparePostgres(postgresFolder ?? '', folder)
  onTestFinished(server.kill)
  return server
}

/** A new PostgreSQL out of the programs of one folder, with its data in the other. */
export async function preparePostgres(programs: string, folder: string): Promise<OwnServer> {
  const port = await freePort()
  const user = isRoot ? unprivileged() : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'],
    { stdio: 'ignore', timeout: 20_000, cwd: folder, ...user },
  )
  const program: Program = {
    command: join(programs, 'postgres'),
    args: ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F'],
    user,
    stopSignal: 'SIGINT',
  }
  return toServer(program, `postgres://postgres@127.0.0.1:${port}/postgres`)
}

export function unprivileged(): User {
  try {
    return userOf('postgres')
  } catch {
    return userOf('nobody')
  }
}

const userOf = (name: string): User => ({ uid: idOf('-u', name), gid: idOf('-g', name) })

const idOf = (kind: '-u' | '-g', name: string): number =>
  Number(execFileSync('id', [kind, name], { encoding: 'utf8', stdio: 'pipe' }))

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

function toServer({ command, args, user, stopSignal }: Program, url: string): OwnServer {
  let running: ChildProcess | undefined
  const start = (): void => {
    const child = spawn(command, args, { stdio: 'ignore', cwd: '/', ...user })
    running = child
    // What a killed server leaves may not let the next one start at once; whoever watches it tries again.
    child.once('exit', () => setTimeout(() => running === child && start(), 200))
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running
    running = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const orphans = signal === 'SIGKILL' ? childrenOf(child.pid) : []
    child.kill(signal)
    for (const orphan of orphans) kill(orphan)
    await ended
  }
  return { url, start, stop: () => end(stopSignal), kill: () => end('SIGKILL') }
}

/** PostgreSQL answers each client in a process of its own, which a killed server leaves behind. */
function childrenOf(pid: number | undefined): number[] {
  try {
    const listed = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8', timeout: 5000 })
    return listed.trim().split('\n').map(Number)
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}
