import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import * as z from 'zod'
import type { OwnPrice } from '../agent/index.ts'
import { AppError } from '../base/error.ts'

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

/** Prices that a person states, by model, in YAML or JSON; nothing where no file is named. */
export async function readPrices(
  path: string | undefined,
): Promise<Readonly<Record<string, OwnPrice>>> {
  if (path === undefined) return {}
  try {
    return fileSchema.parse(parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : []
    const place = issue === undefined ? '' : ` at ${issue.path.join('.')}: ${issue.message}`
    throw new AppError('config_invalid', `The prices in ${path} are not right${place}.`, {
      hint: 'Write dollars per million tokens by model, such as my-model: { input: 3, output: 15 }.',
      cause,
    })
  }
}
