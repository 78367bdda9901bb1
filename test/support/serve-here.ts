import { onTestFinished } from 'vitest'
import { openApp } from '../../dist/app/open-app.js'
import type { Config } from '../../dist/config/config.js'
import { loadConfig, readConfig } from '../../dist/config/load.js'
import type { DefinedTool } from '../../dist/library/index.js'
import { serveHttp } from '../../dist/serve-http.js'
import type { WhenDone } from '../../dist/testing/index.js'

export interface ServeOptions {
  /** The path of a vitrine.yaml, or what would stand in one. */
  readonly config: string | object
  readonly tools?: readonly DefinedTool[]
}

/**
 * The server as part of this process, on a port of its own: for tests of what it answers, which need no process that
 * can be killed. Its sources have been reached, which may take longer than a call waits. Gives the URL of /mcp.
 */
export async function serveHere(
  options: ServeOptions,
  whenDone: WhenDone = onTestFinished,
): Promise<URL> {
  const config = await toConfig(options)
  const app = await openApp(config, options.tools)
  const ending = new AbortController()
  const { signal } = ending
  await app.unreachable(signal)
  const http = { ...config.http, listen: '127.0.0.1:0', workers: 1 }
  return new Promise((resolve, reject) => {
    const onListening = (url: string): void => resolve(new URL(url))
    const served = serveHttp(app, { http, ending: signal, hurried: signal, onListening })
    served.catch(reject)
    whenDone(async () => {
      ending.abort()
      await app.close()
      await served
    })
  })
}

const toConfig = ({ config }: ServeOptions): Promise<Config> =>
  typeof config === 'string'
    ? loadConfig(config, process.env)
    : readConfig(config, { folder: process.cwd(), env: process.env })
