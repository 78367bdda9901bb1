import { afterAll } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'

/**
 * For tests that only read: what `open` makes of a key is made once for all tests of the file that ask for it.
 */
export function shared<Key, Value>(
  open: (key: Key, whenDone: WhenDone) => Value,
): (key: Key) => Value {
  const opened = new Map<string, Value>()
  const undos: Parameters<WhenDone>[0][] = []
  afterAll(async () => {
    for (const undo of undos.toReversed()) await undo()
  })
  return (key) => {
    const name = JSON.stringify(key)
    const value = opened.get(name) ?? open(key, (undo) => undos.push(undo))
    opened.set(name, value)
    return value
  }
}
