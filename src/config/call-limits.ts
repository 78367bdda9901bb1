/** The `limits` section: how much of the server one caller may use. */
import { z } from 'zod'
import type { Config } from './config.ts'
import { count, size } from './quantity.ts'
import { keyPrefix, redisUrl } from './redis-store.ts'
import { parseRate, ratePattern } from './units.ts'

/** Of the protocol: up to 128 of these (MCP: tool names). */
const toolPattern = /^[\w.-]{1,128}$/

const defaultKeyPrefix = 'vitrine'

export const callLimitsSchema = z.strictObject({
  per_actor: rate()
    .meta({ description: 'Calls of one caller in a second, minute or hour.', examples: ['20/s'] })
    .optional(),
  per_tool: z
    .record(z.string().regex(toolPattern, 'expected the name of a tool'), rate())
    .meta({
      description: 'Calls of one tool by one caller.',
      examples: [{ query_database: '5/s' }],
    })
    .optional(),
  concurrent: count([1, 1000])
    .meta({ description: 'Calls of one caller that are under way at once.', examples: [8] })
    .optional(),
  daily_rows: count([1, 1e12])
    .meta({
      description: 'Rows that one caller is given in 24 hours, counted from the first of them.',
      examples: [100_000],
    })
    .optional(),
  daily_bytes: size([1000, 1e12], '1kB to 1000GB, such as 50MB')
    .meta({
      description: 'Bytes of answers that one caller is given in 24 hours.',
      examples: ['50MB'],
    })
    .optional(),
  store: redisUrl()
    .meta({
      description:
        'A Redis in which several processes count together; each counts for itself without.',
      examples: ['redis://127.0.0.1:6379', 'rediss://:${REDIS_PASSWORD}@redis.example:6380/1'],
    })
    .optional(),
  when_store_fails: z
    .enum(['open', 'closed'])
    .meta({
      description:
        'While the store does not answer: `closed` refuses calls, `open` lets each process count for itself.',
      default: 'closed',
    })
    .optional(),
  key_prefix: keyPrefix()
    .meta({
      description: 'What the names of all keys in the store begin with.',
      default: defaultKeyPrefix,
    })
    .optional(),
})

export function toCallLimits(
  written: z.output<typeof callLimitsSchema> | undefined,
): Config['limits'] {
  return (
    written && {
      perActor: written.per_actor,
      perTool: written.per_tool ?? {},
      concurrent: written.concurrent,
      dailyRows: written.daily_rows,
      dailyBytes: written.daily_bytes,
      store: written.store,
      whenStoreFails: written.when_store_fails ?? 'closed',
      keyPrefix: written.key_prefix ?? defaultKeyPrefix,
    }
  )
}

function rate() {
  return z
    .unknown()
    .transform((value, context) => {
      const found = parseRate(value)
      if (found !== undefined && found.calls >= 1 && found.calls <= 1e6) return found
      context.addIssue({
        code: 'custom',
        message: 'expected calls per time, such as 20/s, 300/m or 1000/h',
      })
      return z.NEVER
    })
    .meta({ type: 'string', pattern: `${ratePattern.source}|\\$\\{` })
}
