import { toJson } from '../results/answer.ts'
import type { Value } from '../sources/source.ts'

/** A value as a statement writes it. */
export const toLiteral = (value: Value): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(toJson(value))
