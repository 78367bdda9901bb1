/** The `confirm` section: how calls that change something are confirmed. */
import { z } from 'zod'
import { type Context, keyIssue, regardless } from './checks.ts'
import { type ConfirmConfig, defaultConfig } from './config.ts'
import { duration } from './quantity.ts'
import { redisUrl } from './redis-store.ts'

const { confirm: defaults } = defaultConfig

export const confirmSchema = z
  .strictObject({
    when_nobody_can_be_asked: z
      .enum(['refuse', 'token'])
      .meta({
        description:
          'Where a client cannot ask its person: `refuse`, or `token`: the call gives a token, and a second call with it runs. A model can do both by itself.',
        default: defaults.whenNobodyCanBeAsked,
      })
      .optional(),
    within: duration([10_000, 3_600_000], '10s to 1h, such as 5m')
      .meta({ description: 'How long a confirmation holds.', default: '5m' })
      .optional(),
    key: z
      .string()
      .min(32, 'expected at least 32 characters')
      .max(4096, 'expected at most 4096 characters')
      .meta({
        description:
          'What confirmations are signed with, where several processes serve; one of the process alone where left out. Needs `store`.',
        examples: ['${CONFIRM_KEY}'],
      })
      .optional(),
    store: redisUrl()
      .meta({
        description:
          'A Redis in which several processes remember which confirmations were used. Needs `key`.',
        examples: ['redis://127.0.0.1:6379'],
      })
      .optional(),
  })
  .superRefine(goTogether, regardless)

/** With a key alone, one confirmation would count once in each process. */
function goTogether(written: unknown, context: Context): void {
  const { key, store } = Object(written) as { key?: unknown; store?: unknown }
  if ((key === undefined) === (store === undefined)) return
  const [there, missing] = key === undefined ? ['store', 'key'] : ['key', 'store']
  const message = `goes with ${missing}: processes that share confirmations need both.`
  keyIssue(context, [there], message)
}

export const toConfirm = (written: z.output<typeof confirmSchema> = {}): ConfirmConfig => ({
  whenNobodyCanBeAsked: written.when_nobody_can_be_asked ?? defaults.whenNobodyCanBeAsked,
  withinMs: written.within ?? defaults.withinMs,
  key: written.key,
  store: written.store,
})
