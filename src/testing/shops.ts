import { afterAll, onTestFinished } from 'vitest'
import type { Visibility } from '../guard/visibility.ts'
import { sampleShop } from './sample-shop.ts'
import type { SourceSuite, SourceUnderTest } from './source-suite.ts'

/** Sources over the sample shop. */
export interface Shops {
  /** One for all tests that leave it as it is, with everything open. */
  shared(): Promise<SourceUnderTest>
  /** One for the test that is running. */
  own(visibility?: Visibility): Promise<SourceUnderTest>
}

export function shopsOf(open: SourceSuite['open']): Shops {
  const undos: (() => void | Promise<void>)[] = []
  let shared: Promise<SourceUnderTest> | undefined
  afterAll(async () => {
    for (const undo of undos.toReversed()) await undo()
  })
  return {
    shared: () => (shared ??= open(sampleShop, everythingOpen, (undo) => undos.push(undo))),
    own: (visibility = everythingOpen) => open(sampleShop, visibility, onTestFinished),
  }
}

const everythingOpen: Visibility = { tables: undefined, columns: {} }
