import type { Config } from '../config/config.ts'
import { configFromUrl, isConfigPath } from '../config/from-url.ts'

/** What a command is pointed at: a config file, or one database that stands for a whole config. */
export async function toConfig(target: string): Promise<Config> {
  if (!isConfigPath(target)) return configFromUrl(target)
  const { loadConfig } = await import('../config/load.ts')
  return loadConfig(target, process.env)
}
