import { homedir, platform } from 'node:os'
import { resolve } from 'node:path'
import { openApp } from '../app/open-app.ts'
import { groupNamed } from '../app/groups.ts'
import type { ConnectSurroundings, ResolvedTarget } from './connect.ts'
import { ownCommand } from './own-command.ts'
import { isConfig, toConfig } from './target.ts'

/** This machine, as `connect` sees it. */
export const surroundings = (): ConnectSurroundings => ({
  platform: platform(),
  env: process.env,
  home: homedir(),
  cwd: process.cwd(),
  now: new Date(),
  ownCommand: ownCommand(),
  resolveTarget,
})

/** The target as it works from anywhere, after it was reached once: a client would hide the failure. */
async function resolveTarget(target: string, group: string | undefined): Promise<ResolvedTarget> {
  const config = await toConfig(target)
  const app = await openApp(config)
  try {
    if (group !== undefined) groupNamed(app.groups, group)
    for (const error of (await app.unreachable(AbortSignal.timeout(15_000))).values()) throw error
  } finally {
    await app.close()
  }
  const databases = config.sources.map(({ url }) => url)
  return isConfig(target)
    ? { target: resolve(target), variables: await variablesOf(target), databases }
    : { target: databases[0] ?? target, variables: [], databases: [] }
}

/** Variables that the config takes from this shell. */
async function variablesOf(path: string): Promise<readonly string[]> {
  const { examineConfig } = await import('../config/load.ts')
  const { variables } = await examineConfig(path, process.env)
  return variables.filter((name) => process.env[name] !== undefined)
}
