import { existsSync } from 'node:fs'
import type { JobStore } from './job-store.ts'

export interface StoreOptions {
  /** `sqlite:<absolute path>`, or the URL of a Redis or a PostgreSQL. */
  readonly url: string
  /** Where several servers share it: of the names of what is kept. */
  readonly keyPrefix: string
  /** Bytes of all results. */
  readonly mostBytes: number
}

/** The store of a URL, loaded on use. */
export async function openJobStore(options: StoreOptions): Promise<JobStore> {
  const path = pathOf(options.url)
  if (path === undefined) {
    const { createBullmqStore } = await import('./bullmq-store.ts')
    return createBullmqStore(options)
  }
  const { SqliteJobStore } = await import('./sqlite-store.ts')
  return new SqliteJobStore({ path, mostBytes: options.mostBytes })
}

/** False where there cannot be jobs yet, and looking for them would only make the file. */
export function mayHoldJobs(url: string): boolean {
  const path = pathOf(url)
  return path === undefined || existsSync(path)
}

const pathOf = (url: string): string | undefined =>
  url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
