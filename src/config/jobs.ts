/** The `jobs` section: questions that outlast their call, and where they are kept. */
import { z } from 'zod'
import { defaultConfig, type JobsConfig } from './config.ts'
import { toAbsolute } from './file-url.ts'
import { count, duration, size } from './quantity.ts'
import { jobsFile } from './state-file.ts'

/** An editor may see a variable instead. */
const storePattern = /^sqlite:.|^(?:rediss?|postgres(?:ql)?):\/\/[^/?#\s]+|^\$\{/
/** It names a schema of PostgreSQL, too. */
const keyPrefixPattern = /^[a-z_][a-z0-9_]{0,49}$/

const { jobs: defaultJobs } = defaultConfig

export const jobsSchema = z.strictObject({
  store: z
    .string()
    .max(4096, 'expected at most 4096 characters')
    .regex(storePattern, 'expected sqlite:./jobs.db, or a URL of redis:// or postgres://')
    .meta({
      description:
        "Where jobs are kept: a SQLite file, relative to this file, or a Redis or a PostgreSQL that several machines share; a file in this user's state folder where left out.",
      examples: ['sqlite:./jobs.db', 'redis://127.0.0.1:6379', 'postgres://vitrine@db/jobs'],
    })
    .optional(),
  key_prefix: z
    .string()
    .regex(keyPrefixPattern, 'expected up to 50 small letters, digits and _, a letter first')
    .meta({
      description:
        "What the names in a shared store begin with: servers of one prefix run one another's jobs.",
      default: defaultJobs.keyPrefix,
    })
    .optional(),
  keep: duration([60_000, 604_800_000], '1m to 168h, such as 1h')
    .meta({ description: 'How long a result can be fetched once it is there.', default: '1h' })
    .optional(),
  per_actor: count([1, 1000])
    .meta({
      description: 'The most jobs of one caller that wait or run.',
      default: defaultJobs.perActor,
    })
    .optional(),
  max_bytes: size([20_000_000, 1e12], '20MB to 1000GB, such as 100MB')
    .meta({ description: 'The most bytes of all results; the oldest go first.', default: '100MB' })
    .optional(),
})

/** What the file says, and a store of its own for each config where it names none. */
export function toJobs(
  written: z.output<typeof jobsSchema> = {},
  { path, folder, env }: { path: string; folder: string; env: NodeJS.ProcessEnv },
): JobsConfig {
  const { store } = written
  return {
    store: store === undefined ? jobsFile(path, env) : toStore(store, folder),
    keyPrefix: written.key_prefix ?? defaultJobs.keyPrefix,
    keepMs: written.keep ?? defaultJobs.keepMs,
    perActor: written.per_actor ?? defaultJobs.perActor,
    mostBytes: written.max_bytes ?? defaultJobs.mostBytes,
  }
}

const toStore = (url: string, folder: string): string =>
  url.startsWith('sqlite:') ? `sqlite:${toAbsolute(url.slice('sqlite:'.length), folder)}` : url
