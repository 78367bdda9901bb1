import { afterAll } from 'vitest'

/**
 * What `beforeAll` makes ends after the last test. Called beside `beforeAll`, not in it: a hook that is
 * added while hooks run is never called.
 */
export function whenAllDone(): (end: () => void) => void {
  const ends: (() => void)[] = []
  afterAll(() => {
    for (const end of ends.toReversed()) end()
  })
  return (end) => void ends.push(end)
}
