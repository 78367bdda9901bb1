import { AppError } from '../base/error.ts'
import type { Writer } from './change.ts'
import { dialectOf } from './open.ts'

export interface WriterOptions {
  /** Normal form, as of a source; of another role or file than the source reads by. */
  readonly url: string
  readonly memoryBytes: number
  readonly concurrency: number
}

/** What writes to a database, loaded on use. It opens nothing yet. */
export async function openWriter({ url, ...options }: WriterOptions): Promise<Writer> {
  switch (dialectOf(url)) {
    case 'sqlite': {
      const { SqliteWriter } = await import('./sqlite/writer.ts')
      return new SqliteWriter({ ...options, path: url.slice('sqlite:'.length) })
    }
    case 'postgres': {
      const { PostgresWriter } = await import('./postgres/writer.ts')
      return new PostgresWriter({ ...options, url })
    }
    case 'mysql': {
      const { MysqlWriter } = await import('./mysql/writer.ts')
      return new MysqlWriter({ ...options, url })
    }
    case 'duckdb':
      throw new AppError('config_invalid', 'DuckDB files and folders of data are not written to.')
  }
}
