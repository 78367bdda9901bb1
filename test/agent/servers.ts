import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerSpec, StdioReach } from '../../dist/agent/index.js'
import { scratchFolder } from '../support/scratch.ts'
import { serverCommand } from '../support/serve.ts'

const require = createRequire(import.meta.url)

/** What `npx` would start. */
function programOf(manifest: string): string {
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> }
  return join(dirname(manifest), Object.values(bin)[0] ?? '')
}

export const everythingPath: string = programOf(
  require.resolve('@modelcontextprotocol/server-everything/package.json'),
)

const filesystemPath = programOf(
  require.resolve('@modelcontextprotocol/server-filesystem/package.json'),
)

const memoryPath = programOf(require.resolve('@modelcontextprotocol/server-memory/package.json'))

const packaged = (program: string, args: readonly string[]): StdioReach => ({
  kind: 'stdio',
  command: process.execPath,
  args: [program, ...args],
  env: {},
})

export const filesystem = (folder: string, more: Partial<ServerSpec> = {}): ServerSpec => ({
  name: 'files',
  reach: packaged(filesystemPath, [folder]),
  ...more,
})

export const memory = (path: string, more: Partial<ServerSpec> = {}): ServerSpec => {
  const reach = packaged(memoryPath, [])
  return { name: 'memory', reach: { ...reach, env: { MEMORY_FILE_PATH: path } }, ...more }
}

export const everything = (more: Partial<ServerSpec> = {}): ServerSpec => ({
  name: 'everything',
  reach: packaged(everythingPath, ['stdio']),
  ...more,
})

/** Vitrine over a database, as its own configuration would state it: it reads, and tells nobody. */
export const vitrineOver = (database: string, more: Partial<ServerSpec> = {}): ServerSpec => ({
  name: 'shop',
  reach: { kind: 'stdio', ...serverCommand(database), env: {} },
  trusted: true,
  ...more,
})

const oddPath = fileURLToPath(new URL('odd-server.mjs', import.meta.url))

/** The server of `odd-server.mjs`, which writes every call it gets to a log of its own. */
export const odd = (
  path: string,
  behaviour: object,
  more: Partial<ServerSpec> = {},
): ServerSpec => ({
  name: 'odd',
  reach: {
    kind: 'stdio',
    command: process.execPath,
    args: [oddPath, path, written(path, behaviour)],
    env: {},
  },
  ...more,
})

function written(path: string, behaviour: object): string {
  const file = `${path}.behaviour.json`
  writeFileSync(file, JSON.stringify(behaviour))
  return file
}

export interface Logged {
  readonly method: string
  /** Of an answer to what it had asked. */
  readonly result?: unknown
  readonly params: {
    readonly name?: string
    readonly arguments?: Record<string, unknown>
    readonly [key: string]: unknown
  }
}

/** What a server got, from that byte of its log on. */
export const readLog = (path: string, from = 0): Logged[] =>
  readFrom(path, from)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Logged)

/** Without reading again what was read before: a log of thousands of runs is long. */
function readFrom(path: string, from: number): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - from))
    return buffer.subarray(0, readSync(file, buffer, { position: from })).toString()
  } finally {
    closeSync(file)
  }
}

export const callsIn = (path: string, from = 0): Logged[] =>
  readLog(path, from).filter(({ method }) => method === 'tools/call')

/** A file for the log of a server, gone when the test ends. */
export function log(): string {
  const path = join(scratchFolder(), 'log')
  appendFileSync(path, '')
  return path
}

/** A definition for `odd`. */
export const tool = (name: string, more: object = {}) => ({
  name,
  inputSchema: { type: 'object' },
  ...more,
})
