import { AppError } from '../base/error.ts'
import type { EmbeddedOptions } from './embedded-options.ts'
import type { Dialect, Source } from './source.ts'

export interface SourceOptions extends Omit<EmbeddedOptions, 'path'> {
  /** Normal form: `sqlite:<absolute path>`, `postgres:…`, `mysql://user:password@host:port/database`. */
  readonly url: string
}

/** The dialect a URL speaks, told by its scheme. */
export function dialectOf(url: string): Dialect {
  const scheme = url.split(':', 1)[0] ?? ''
  if (scheme === 'sqlite' || scheme === 'postgres' || scheme === 'duckdb') return scheme
  if (scheme === 'mysql' || scheme === 'mariadb') return 'mysql'
  throw new AppError('config_invalid', `There is no driver for ${scheme}: sources.`)
}

/** The driver for a URL, loaded on use. It opens nothing yet: what goes wrong is told by the first call. */
export async function openSource({ url, ...options }: SourceOptions): Promise<Source> {
  switch (dialectOf(url)) {
    case 'sqlite': {
      const { SqliteSource } = await import('./sqlite/driver.ts')
      return new SqliteSource({ ...options, path: url.slice('sqlite:'.length) })
    }
    case 'postgres': {
      const { PostgresSource } = await import('./postgres/driver.ts')
      return new PostgresSource({ ...options, url })
    }
    case 'duckdb': {
      const { DuckdbSource } = await import('./duckdb/driver.ts')
      return new DuckdbSource({ ...options, path: url.slice('duckdb:'.length) })
    }
    case 'mysql': {
      const { MysqlSource } = await import('./mysql/driver.ts')
      return new MysqlSource({ ...options, url })
    }
  }
}
