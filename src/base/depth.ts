/** Nothing that a person made is nested deeper. */
export const deepest = 64

/** True for what is nested so deep that it may end whoever walks it by calling themselves. */
export function isTooDeep(value: unknown): boolean {
  let level = objectsOf([value])
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === deepest) return true
    // What stands at several places is looked at once.
    level = [...new Set(objectsOf(level.flatMap((one) => Object.values(one) as unknown[])))]
  }
  return false
}

const objectsOf = (values: readonly unknown[]): object[] =>
  values.filter((value): value is object => typeof value === 'object' && value !== null)
