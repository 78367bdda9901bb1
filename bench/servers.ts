import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from './stdio-client.ts'

/** A server to measure, and how its tool is asked a statement. */
export interface Contender {
  readonly name: string
  /** By the URL of the database. */
  readonly start: (database: string) => Command
  readonly tool: string
  readonly argument: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where other servers are installed. */
export const peers = `${root}/bench/peers`

/** The one that ratios are made to. */
export const reference = 'bare SDK server'

const own: readonly Contender[] = [
  {
    name: 'vitrine',
    start: (database) => node(`${root}/dist/cli/main.js`, 'serve', database),
    tool: 'query_database',
    argument: 'query',
  },
  {
    name: reference,
    start: (database) => node(`${root}/bench/out/bare-stdio-server.js`, database),
    tool: 'query_database',
    argument: 'query',
  },
]

interface Peer extends Contender {
  /** What npm installs. */
  readonly spec: string
  /** The file that says it is installed. */
  readonly file: string
}

const dbhub = `${peers}/node_modules/@bytebase/dbhub/dist/index.js`
const toolbox = `${peers}/node_modules/.bin/toolbox`

const others: readonly Peer[] = [
  {
    name: 'DBHub 0.21.2',
    spec: '@bytebase/dbhub@0.21.2',
    file: dbhub,
    start: (database) => node(dbhub, '--transport', 'stdio', '--dsn', toDsn(database)),
    tool: 'execute_sql',
    argument: 'sql',
  },
  {
    name: 'MCP Toolbox 1.12.0',
    spec: '@toolbox-sdk/server@1.12.0',
    file: toolbox,
    start: (database) => {
      const { preset, env } = toPreset(database)
      return { command: toolbox, args: ['--prebuilt', preset, '--stdio'], env }
    },
    tool: 'execute_sql',
    argument: 'sql',
  },
]

/** As DBHub names a database: a file by its absolute path. */
export const toDsn = (url: string): string => url.replace(/^sqlite:/, 'sqlite://')

/** What Toolbox has ready for an engine, and where it looks for the database. */
export function toPreset(url: string): { preset: string; env: Record<string, string> } {
  if (url.startsWith('sqlite:'))
    return { preset: 'sqlite', env: { SQLITE_DATABASE: url.replace(/^sqlite:/, '') } }
  const { hostname, port, username, pathname } = new URL(url)
  return {
    preset: 'postgres',
    env: {
      POSTGRES_HOST: hostname,
      POSTGRES_PORT: port,
      POSTGRES_DATABASE: pathname.slice(1),
      POSTGRES_USER: username,
      // Asked for where none is needed, too.
      POSTGRES_PASSWORD: 'none',
    },
  }
}

/** All that can be measured here; peers are installed on first use. */
export function contenders(say: (text: string) => void): Contender[] {
  return [...own, ...others.filter((peer) => install(peer, say))]
}

/** True where it is there, if need be installed now. */
export function install(
  { name, spec, file }: Pick<Peer, 'name' | 'spec' | 'file'>,
  say: (text: string) => void,
): boolean {
  if (existsSync(file)) return true
  say(`installing ${spec} into bench/peers`)
  const args = ['install', '--no-audit', '--no-fund', '--prefix', peers, spec]
  spawnSync('npm', args, { stdio: 'ignore', timeout: 240_000, shell: process.platform === 'win32' })
  if (existsSync(file)) return true
  say(`${name} could not be installed; going on without it`)
  return false
}

export const node = (...args: string[]): Command => ({ command: process.execPath, args })
