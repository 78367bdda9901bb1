import { createHash } from 'node:crypto'
import { toCanonical } from '../../base/canonical.ts'

/** Equal for values that are equal, whatever the order of their keys. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(toCanonical(value)).digest('hex')
