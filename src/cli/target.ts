import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { AppError } from '../base/error.ts'
import type { Config } from '../config/config.ts'
import { configFromUrl, isConfigPath } from '../config/from-url.ts'
import { schemeOfPath } from '../config/path-scheme.ts'

/** True for a config, false for a database. A file that is there may be called anything. */
export const isConfig = (target: string): boolean => isConfigPath(target) && !isBinary(target)

/** What a command is pointed at: a config file, or one database that stands for a whole config. */
export async function toConfig(target: string): Promise<Config> {
  if (isStatement(target)) throw wrongOrder(target)
  if (!isConfig(target)) {
    return configFromUrl(existsSync(target) ? `${schemeOf(target)}:${target}` : target)
  }
  if (!existsSync(target)) throw noFile(target)
  const { loadConfig } = await import('../config/load.ts')
  return loadConfig(target, process.env)
}

/** A file that ends as a config does and is none holds no data in text either. */
const schemeOf = (path: string): string => (isConfigPath(path) ? 'sqlite' : schemeOfPath(path))

/** A config is text. */
function isBinary(path: string): boolean {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(256)
      return bytes.subarray(0, readSync(file, bytes)).includes(0)
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}

const isStatement = (target: string): boolean =>
  /^\s*(?:select|with|values|explain|pragma)\s/i.test(target) && !existsSync(target)

const wrongOrder = (statement: string): AppError =>
  new AppError('invalid_input', 'The first argument is a statement, and should be a database.', {
    hint: `Turn them round: vitrine query <database> "${statement.slice(0, 40)}"`,
  })

/** A config that is not there. */
export const noFile = (target: string): AppError =>
  new AppError('config_invalid', `There is no file ${target}.`, {
    hint: 'Name a database instead, such as sqlite:./shop.db, or write that configuration first.',
  })
