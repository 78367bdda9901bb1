import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

async function mistakesOf(examples: string): Promise<string[]> {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    path,
    `sources: { shop: { url: sqlite:./shop.db } }
tools:
  orders_of:
    description: Orders
    source: shop
    sql: select :id, :state, :tenant
    parameters:
      id: { type: integer }
      state: { enum: [paid, new], optional: true }
      tenant: { type: string, claim: tenant }
    examples: ${examples}
`,
  )
  const { mistakes } = await examineConfig(path, {})
  return mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('an example is what the parameters take', async () => {
  expect(
    await mistakesOf('[{ arguments: { id: 7 } }, { title: A, arguments: { id: 1, state: new } }]'),
  ).toEqual([])
})

test.each([
  ['[{ arguments: { id: seven } }]', '11:33 expected a whole number.'],
  ['[{ arguments: {} }]', '11:18 expected the argument id, which orders_of needs.'],
  [
    '[{ arguments: { id: 1, stat: new } }]',
    '11:38 orders_of has no parameter of that name. Did you mean "state"?',
  ],
  [
    '[{ arguments: { id: 1, tenant: a } }]',
    "11:38 the caller's claims give this value; an example cannot.",
  ],
])('one that is not is a mistake at its place: %s', async (examples, mistake) => {
  const [first = ''] = await mistakesOf(examples)
  expect(first.replace(/^\d+:\d+/, '')).toBe(mistake.replace(/^\d+:\d+/, ''))
  expect(first).toMatch(/^11:/)
})
