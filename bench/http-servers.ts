import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install, node, peers } from './servers.ts'
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

/** All that can be measured here; peers are installed on first use. `folder` is for files of a run. */
export function httpContenders(folder: string, say: (text: string) => void): HttpContender[] {
  const own = { tool: 'query_database', argument: 'query' }
  return [
    {
      ...own,
      name: 'vitrine',
      start: (database, port) => node(main, 'serve', database, '--http', listen(port)),
    },
    guarded(folder),
    ...(install(
      { name: 'bare SDK server', spec: '@modelcontextprotocol/node@2.1.2', file: adapter },
      say,
    )
      ? [
          {
            ...own,
            name: 'bare SDK server',
            start: (database: string, port: number) =>
              node(`${root}/bench/out/bare-http-server.js`, database, String(port), adapter),
          },
        ]
      : []),
    ...(install({ name: 'DBHub', spec: '@bytebase/dbhub@0.21.2', file: dbhub }, say)
      ? [
          {
            name: 'DBHub 0.21.2',
            tool: 'execute_sql',
            argument: 'sql',
            start: (database: string, port: number) =>
              node(
                dbhub,
                '--transport',
                'http',
                '--port',
                String(port),
                '--dsn',
                `sqlite://${database}`,
              ),
          },
        ]
      : []),
    ...(install({ name: 'MCP Toolbox', spec: '@toolbox-sdk/server@1.12.0', file: toolbox }, say)
      ? [
          {
            name: 'MCP Toolbox 1.12.0',
            tool: 'execute_sql',
            argument: 'sql',
            start: (database: string, port: number) => ({
              command: toolbox,
              args: ['--prebuilt', 'sqlite', '--port', String(port)],
              env: { SQLITE_DATABASE: database },
            }),
          },
        ]
      : []),
  ]
}

const listen = (port: number): string => `127.0.0.1:${port}`

const adapter = `${peers}/node_modules/@modelcontextprotocol/node/dist/index.mjs`
const dbhub = `${peers}/node_modules/@bytebase/dbhub/dist/index.js`
const toolbox = `${peers}/node_modules/.bin/toolbox`

/** The same with a token asked for, limits that are not reached, and every call on record. */
function guarded(folder: string): HttpContender {
  const config = join(folder, 'vitrine.yaml')
  let token = ''
  return {
    name: 'vitrine, with auth, limits and audit',
    tool: 'query_database',
    argument: 'query',
    start(database, port) {
      writeFileSync(
        config,
        `sources: { shop: { url: 'sqlite:${database}' } }
limits: { per_actor: 1000000/s, daily_rows: 1000000000 }
audit: { file: ${join(folder, 'audit.jsonl')} }
http: { auth: { tokens: ./tokens.yaml } }
`,
      )
      const create = [
        'token',
        'create',
        config,
        '--name',
        `n${port}`,
        '--tools',
        'all',
        '--sources',
        'all',
      ]
      token = execFileSync(process.execPath, [main, ...create], { encoding: 'utf8' }).trim()
      return node(main, 'serve', config, '--http', `127.0.0.1:${port}`)
    },
    headers: () => ({ authorization: `Bearer ${token}` }),
  }
}
