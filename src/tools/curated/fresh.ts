import { z } from 'zod'
import { freshArgument } from '../cache/cached-call.ts'
import type { InputSchema } from '../tool.ts'

const { $schema: _dialect, ...listed } = z.toJSONSchema(freshArgument)

/** The arguments with the one that asks for the database's own answer. */
export const withFresh = (schema: InputSchema): InputSchema => ({
  ...schema,
  properties: { ...(schema['properties'] as object), fresh: listed },
})

/** That argument, and the others; what is no truth value is left to whoever checks those. */
export function takeFresh(given: unknown): { readonly fresh: boolean; readonly rest: unknown } {
  const { fresh, ...rest } = (given ?? {}) as { fresh?: unknown }
  if (fresh === undefined || fresh === null) return { fresh: false, rest }
  return typeof fresh === 'boolean' ? { fresh, rest } : { fresh: false, rest: given }
}
