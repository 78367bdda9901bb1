import { existsSync } from 'node:fs'
import { AppError } from '../base/error.ts'
import type { JobStore } from './job-store.ts'

export interface StoreOptions {
  /** `sqlite:<absolute path>`. */
  readonly url: string
  /** Bytes of all results. */
  readonly mostBytes: number
}

/** The store of a URL, loaded on use. */
export async function openJobStore({ url, mostBytes }: StoreOptions): Promise<JobStore> {
  const path = pathOf(url)
  if (path === undefined)
    throw new AppError('config_invalid', 'There is no such store: jobs.store.')
  const { SqliteJobStore } = await import('./sqlite-store.ts')
  return new SqliteJobStore({ path, mostBytes })
}

/** False where there cannot be jobs yet, and looking for them would only make the file. */
export function mayHoldJobs(url: string): boolean {
  const path = pathOf(url)
  return path === undefined || existsSync(path)
}

const pathOf = (url: string): string | undefined =>
  url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
