import * as z from 'zod'
import type { OwnPrice } from '../agent/index.ts'
import { readStated } from './read-stated.ts'

const amount = z.union([z.string(), z.number()])

const fileSchema = z.record(
  z.string(),
  z.strictObject({
    input: amount,
    output: amount,
    cache_write_5m: amount.exactOptional(),
    cache_write_1h: amount.exactOptional(),
    cache_read: amount.exactOptional(),
  }),
)

/** Prices that a person states, by model. */
export const readPrices = (path: string | undefined): Promise<Readonly<Record<string, OwnPrice>>> =>
  readStated({
    path,
    schema: fileSchema,
    what: 'prices',
    hint: 'Write dollars per million tokens by model, such as my-model: { input: 3, output: 15 }.',
  })
