import { AppError } from '../base/error.ts'
import type { Source } from './source.ts'

export interface SourceOptions {
  readonly name: string
  /** Normal form: `sqlite:<absolute path>`. */
  readonly url: string
  readonly memoryBytes: number
  readonly concurrency: number
}

/** The driver for a URL, loaded on use. Starts opening; what goes wrong is told by the first call. */
export async function openSource({ url, ...options }: SourceOptions): Promise<Source> {
  const [, scheme = '', path = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? []
  if (scheme === 'sqlite') {
    const { SqliteSource } = await import('./sqlite/driver.ts')
    return new SqliteSource({ ...options, path })
  }
  throw new AppError('config_invalid', `There is no driver for ${scheme}: sources.`)
}
