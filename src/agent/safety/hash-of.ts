import { createHash } from 'node:crypto'

/** JSON with the keys of every object in order: equal values are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : inner,
  )
}

export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex')
