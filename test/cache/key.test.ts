import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toReply } from '../../dist/tools/call.js'
import { toCanonical } from '../../dist/base/canonical.js'
import { openCacheGate, type Question } from '../support/cache-gate.ts'

// Of few values, so that two questions are often alike in all but one thing.
const word = fc.constantFrom('a', 'b', 'a","b', '["a"]', '')
const names = fc.oneof(fc.constant('all' as const), fc.array(word, { maxLength: 2 }))
const questions: fc.Arbitrary<Question> = fc.record({
  tool: word,
  source: word,
  version: word,
  given: fc.dictionary(word, fc.oneof(word, fc.integer({ min: 0, max: 1 }), fc.constant(null)), {
    maxKeys: 2,
  }),
  actor: fc.record({
    id: word,
    claims: fc.dictionary(word, fc.oneof(word, fc.boolean()), { maxKeys: 2 }),
    tools: names,
    sources: names,
  }),
})

function openCache() {
  let answers = 0
  const ask = openCacheGate(async () => toReply({ n: (answers += 1) }))
  return async (question: Question, shared?: string): Promise<unknown> => {
    const { answer } = await ask(question, shared === undefined ? {} : { shared })
    return answer['n']
  }
}

test('two questions share an answer where all of it is the same, and never otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(questions, questions, async (one, other) => {
      const ask = openCache()
      const [first, second] = [await ask(one), await ask(other)]
      expect(first === second).toBe(toCanonical(one) === toCanonical(other))
    }),
    { numRuns: 800 },
  )
})

test('one thing that differs is enough', async () => {
  await fc.assert(
    fc.asyncProperty(
      questions,
      questions,
      fc.constantFrom('tool', 'source', 'version', 'given', 'actor' as const),
      async (one, other, key) => {
        fc.pre(toCanonical(one[key as 'tool']) !== toCanonical(other[key as 'tool']))
        const ask = openCache()
        const changed = { ...one, [key]: other[key as 'tool'] }
        expect(await ask(one)).not.toBe(await ask(changed))
      },
    ),
    { numRuns: 500 },
  )
})

test('a shared answer is for those of whom the database knows the same', async () => {
  await fc.assert(
    fc.asyncProperty(questions, questions, async (one, { actor }) => {
      const ask = openCache()
      const other = { ...one, actor }
      const [mine, theirs] = [one.actor.claims['a'], actor.claims['a']]
      // Nothing is shared with whoever is not known.
      fc.pre([mine, theirs].every((value) => value !== undefined && value !== ''))
      const [first, second] = [await ask(one, 'a'), await ask(other, 'a')]
      expect(first === second).toBe(String(mine) === String(theirs))
    }),
    { numRuns: 500 },
  )
})
