import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install, node, peers, reference, toDsn, toPreset } from './servers.ts'
import type { Command } from './stdio-client.ts'

/** A server over HTTP to measure, and how its tool is asked a statement. */
export interface HttpContender {
  readonly name: string
  readonly tool: string
  readonly argument: string
  readonly start: (database: string, port: number) => Command
  /** Sent with every request, once the server was started. */
  readonly headers?: () => Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = `${root}/dist/cli/main.js`
const query = { tool: 'query_database', argument: 'query' }
const listen = (port: number): string => `127.0.0.1:${port}`

const bareVitrine: HttpContender = {
  ...query,
  name: 'vitrine',
  start: (database, port) => node(main, 'serve', database, '--http', listen(port)),
}

/** The same with a token asked for, limits that are not reached, and every call on record. */
export function guardedVitrine(folder: string): HttpContender {
  const config = join(folder, 'vitrine.yaml')
  let token = ''
  return {
    ...query,
    name: 'vitrine, with auth, limits and audit',
    start(database, port) {
      writeFileSync(
        config,
        `sources: { shop: { url: '${database}' } }
limits: { per_actor: 1000000/s, daily_rows: 1000000000 }
audit: { file: ./audit.jsonl }
http: { auth: { tokens: ./tokens.yaml } }
`,
      )
      const all = ['--name', `n${port}`, '--tools', 'all', '--sources', 'all']
      const created = execFileSync(process.execPath, [main, 'token', 'create', config, ...all], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      token = created.trim()
      return node(main, 'serve', config, '--http', listen(port))
    },
    headers: () => ({ authorization: `Bearer ${token}` }),
  }
}

interface Peer extends HttpContender {
  readonly spec: string
  /** The file that says it is installed. */
  readonly file: string
}

const adapter = `${peers}/node_modules/@modelcontextprotocol/node/dist/index.mjs`
const dbhub = `${peers}/node_modules/@bytebase/dbhub/dist/index.js`
const toolbox = `${peers}/node_modules/.bin/toolbox`

const others: readonly Peer[] = [
  {
    ...query,
    name: reference,
    spec: '@modelcontextprotocol/node@2.1.2',
    file: adapter,
    start: (database, port) =>
      node(`${root}/bench/out/bare-http-server.js`, database, String(port), adapter),
  },
  {
    name: 'DBHub 0.21.2',
    tool: 'execute_sql',
    argument: 'sql',
    spec: '@bytebase/dbhub@0.21.2',
    file: dbhub,
    start: (database, port) =>
      node(dbhub, '--transport', 'http', '--port', String(port), '--dsn', toDsn(database)),
  },
  {
    name: 'MCP Toolbox 1.12.0',
    tool: 'execute_sql',
    argument: 'sql',
    spec: '@toolbox-sdk/server@1.12.0',
    file: toolbox,
    start: (database, port) => {
      const { preset, env } = toPreset(database)
      return { command: toolbox, args: ['--prebuilt', preset, '--port', String(port)], env }
    },
  },
]

/** The servers whose names contain one of the words; others than ours are installed on first use. */
export function httpContenders(
  words: readonly string[],
  folder: string,
  say: (text: string) => void,
): HttpContender[] {
  const isWanted = ({ name }: HttpContender): boolean => words.some((word) => name.includes(word))
  return [
    ...[bareVitrine, guardedVitrine(folder)].filter(isWanted),
    ...others.filter(isWanted).filter((peer) => install(peer, say)),
  ]
}
