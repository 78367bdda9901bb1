import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import * as z from 'zod'
import { AppError } from '../base/error.ts'

interface Stated<Value> {
  /** Undefined where no file is named, which states nothing. */
  readonly path: string | undefined
  readonly schema: z.ZodType<Readonly<Record<string, Value>>>
  /** What the file holds, as a person is told. */
  readonly what: string
  readonly hint: string
}

/**
 * What a person states in a file of theirs, in YAML or JSON.
 *
 * @throws AppError `config_invalid` with the place of the first mistake
 */
export async function readStated<Value>({
  path,
  schema,
  what,
  hint,
}: Stated<Value>): Promise<Readonly<Record<string, Value>>> {
  if (path === undefined) return {}
  try {
    return schema.parse(parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : []
    const place = issue === undefined ? '' : ` at ${issue.path.join('.')}: ${issue.message}`
    const message = `The ${what} in ${path} are not right${place}.`
    throw new AppError('config_invalid', message, { hint, cause })
  }
}
