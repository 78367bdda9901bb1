import { existsSync } from 'node:fs'
import { AppError } from '../base/error.ts'
import type { Config } from '../config/config.ts'
import { configFromUrl, isConfigPath } from '../config/from-url.ts'
import { schemeOfPath } from '../config/path-scheme.ts'

/** What a command is pointed at: a config file, or one database that stands for a whole config. */
export async function toConfig(target: string): Promise<Config> {
  // A file that is there may be called anything.
  if (!isConfigPath(target)) {
    return configFromUrl(existsSync(target) ? `${schemeOfPath(target)}:${target}` : target)
  }
  if (!existsSync(target)) throw noFile(target)
  const { loadConfig } = await import('../config/load.ts')
  return loadConfig(target, process.env)
}

const noFile = (target: string): AppError =>
  new AppError('config_invalid', `There is no file ${target}.`, {
    hint: 'Name a database instead, such as sqlite:./shop.db, or write that configuration first.',
  })
