import type { Writable } from 'node:stream'
import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import type { Actor } from '../base/actor.ts'
import type { Config } from '../config/config.ts'
import type { Call, Decision } from '../tools/call.ts'
import { callConfirmed } from '../tools/confirm/call-confirmed.ts'
import { missingTool } from '../tools/missing-tool.ts'
import type { DefinedTool } from '../tools/defined-tool.ts'
import { type ListedTool, toListedTool } from '../tools/listed-tool.ts'
import type { Answer } from '../tools/tool.ts'
import { openTo } from '../tools/tools.ts'

export interface VitrineOptions {
  /** The path of a vitrine.yaml, or what would stand in one; paths in it are relative to its folder. */
  readonly config: string | object
  /** Of relative paths in `config` where that is an object; the working directory where left out. */
  readonly folder?: string
  /** What `${NAME}` in the config stands for; the environment of the process where left out. */
  readonly env?: NodeJS.ProcessEnv
  /** Tools besides those of the config. */
  readonly tools?: readonly DefinedTool[]
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Who asks: somebody to whom everything is open where left out. */
  readonly actor?: Actor
  /**
   * Asks a person whether what is told may be done, where the tool changes something; without it such a call is
   * refused.
   */
  readonly confirm?: (what: string) => Promise<Decision>
}

export interface ServeStdioOptions {
  readonly signal?: AbortSignal
  /** Serves this group of the config alone. */
  readonly group?: string
  /** Where the protocol goes; stdout where left out. */
  readonly stdout?: Writable
}

export interface ServeHttpOptions {
  readonly signal: AbortSignal
  /** `host:port`; as the config says where left out. */
  readonly listen?: string
  /** Told the URL of /mcp. */
  readonly onListening?: (url: string) => void
}

/** The server as part of a program. */
export interface Vitrine {
  /** As tools/list gives them to somebody to whom everything is open. */
  readonly tools: readonly ListedTool[]
  /**
   * Calls a tool as a client does, through guard, limits and record.
   *
   * @throws AppError
   */
  call(tool: string, input?: object, options?: CallOptions): Promise<Answer>
  /** Serves one client over stdin and stdout, until it hangs up or the signal comes. */
  serveStdio(options?: ServeStdioOptions): Promise<void>
  /** Serves over HTTP until the signal comes, and all that is under way then is answered. */
  serveHttp(options: ServeHttpOptions): Promise<void>
  /** Ends what runs, and every process and connection of it. */
  close(): Promise<void>
}

/**
 * @throws AppError `config_invalid`
 * @example
 * const vitrine = await createVitrine({ config: { sources: { shop: { url: 'sqlite:./shop.db' } } } })
 * const { rows } = await vitrine.call('query_database', { query: 'SELECT count(*) FROM orders' })
 * await vitrine.close()
 */
export async function createVitrine(options: VitrineOptions): Promise<Vitrine> {
  const config = await toConfig(options)
  const app = await openApp(config, options.tools)
  return {
    tools: openTo(app.localActor, app).tools.map(toListedTool),
    call: (tool, input = {}, how = {}) => callTool(app, { tool, input, ...how }),
    async serveStdio({ signal = never(), stdout, group } = {}) {
      const [{ serveStdio }, { takeStdout }] = await Promise.all([
        import('../serve-stdio.ts'),
        import('../transports/take-stdout.ts'),
      ])
      await serveStdio(app, { signal, stdout: stdout ?? takeStdout(), group })
    },
    async serveHttp({ signal, listen = config.http.listen, onListening = () => undefined }) {
      const { serveHttp } = await import('../serve-http.ts')
      const http = { ...config.http, listen, workers: 1 }
      await serveHttp(app, { http, ending: signal, hurried: signal, onListening })
    },
    close: () => app.close(),
  }
}

async function toConfig({
  config,
  folder = process.cwd(),
  env = process.env,
}: VitrineOptions): Promise<Config> {
  const { loadConfig, readConfig } = await import('../config/load.ts')
  return typeof config === 'string' ? loadConfig(config, env) : readConfig(config, { folder, env })
}

const never = (): AbortSignal => new AbortController().signal

async function callTool(
  app: App,
  {
    tool: name,
    input,
    signal = never(),
    actor = app.localActor,
    confirm,
  }: CallOptions & { tool: string; input: object },
): Promise<Answer> {
  const { tools } = openTo(actor, app)
  const names = tools.map((one) => one.name)
  const tool = tools.find((one) => one.name === name) ?? missingTool(name, names)
  const call: Call = {
    tool,
    arguments: input,
    context: { signal, actor },
    origin: { transport: 'program' },
  }
  return callConfirmed(app.callTool, call, confirm)
}
