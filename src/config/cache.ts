/** The `cache` section, and that of a source: what is held in memory, for how long, and who is told of changes. */
import { z } from 'zod'
import { type Config, defaultConfig, defaultSourceCache, type SourceCache } from './config.ts'
import { duration, size } from './quantity.ts'
import { keyPrefix, redisUrl } from './redis-store.ts'
import { cacheFile } from './state-file.ts'

const { cache: defaultCache } = defaultConfig

export const cacheSchema = z.strictObject({
  store: redisUrl()
    .meta({
      description:
        'A Redis over which several machines tell one another what to forget; the processes of one machine need none.',
      examples: ['redis://127.0.0.1:6379'],
    })
    .optional(),
  key_prefix: keyPrefix()
    .meta({
      description: 'What the name of the channel in the store begins with.',
      default: defaultCache.keyPrefix,
    })
    .optional(),
  max_bytes: size([100_000, 1e11], '100kB to 100GB, such as 50MB')
    .meta({
      description: 'The most memory for answers in one process; the least used go first.',
      default: '50MB',
    })
    .optional(),
})

export const sourceCacheSchema = z.strictObject({
  schema: duration([1000, 86_400_000], '1s to 24h, such as 60s')
    .meta({
      description:
        'How old tables and columns may be before they are read anew; 60s where left out, and SQLite and DuckDB notice changes themselves.',
      examples: ['10m'],
    })
    .optional(),
  results: duration([0, 86_400_000], '0s to 24h, such as 30s')
    .meta({
      description:
        'How long an answer of query_database is given again to the same question; never with 0s.',
      default: '0s',
    })
    .optional(),
  shared: z
    .boolean()
    .meta({
      description:
        'Give an answer to every caller with the same `identity`, all of them where there is none, and not only to the one who asked.',
      default: defaultSourceCache.isShared,
    })
    .optional(),
})

export function toCache(
  written: z.output<typeof cacheSchema> = {},
  { path: served, env }: { path: string; env: NodeJS.ProcessEnv },
): Config['cache'] {
  return {
    store: written.store,
    keyPrefix: written.key_prefix ?? defaultCache.keyPrefix,
    mostBytes: written.max_bytes ?? defaultCache.mostBytes,
    path: cacheFile(served, env),
  }
}

export const toSourceCache = (written: z.output<typeof sourceCacheSchema> = {}): SourceCache => ({
  schemaMs: written.schema,
  resultsMs: written.results ?? defaultSourceCache.resultsMs,
  isShared: written.shared ?? defaultSourceCache.isShared,
})
