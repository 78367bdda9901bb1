import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createVitrine } from '../../dist/library/index.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

/** Whatever calls itself for each level would end with it. */
const nested = (levels: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value }
  return value
}

async function open() {
  const file = join(scratchFolder(), 'audit.jsonl')
  const config = {
    sources: {
      shop: {
        url: `sqlite:${makeDatabase('CREATE TABLE orders(id)')}`,
        cache: { results: '1m' },
      },
    },
    tools: {
      orders_of: {
        description: 'The orders that have one of these numbers.',
        source: 'shop',
        parameters: { ids: { type: 'array', items: { type: 'integer' } } },
        sql: 'SELECT id FROM orders WHERE id IN (:ids)',
      },
    },
    audit: { file },
    limits: { per_actor: '100/s' },
  }
  const vitrine = await createVitrine({ config })
  onTestFinished(() => vitrine.close())
  const record = (): readonly Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { vitrine, record }
}

test('arguments that are nested without end are refused, and each call is on record', async () => {
  const { vitrine, record } = await open()
  for (const levels of [62, 3000, 100_000]) {
    for (const [tool, given] of [
      ['orders_of', { ids: nested(levels) }],
      ['query_database', { query: nested(levels) }],
      ['cancel_job', { job_id: nested(levels) }],
    ] as const)
      await expect(vitrine.call(tool, given)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringMatching(
          levels === 62 ? /^Wrong arguments/ : /nested deeper than 64/,
        ),
      })
  }
  const decisions = record().map(({ decision, reason }) => [decision, reason])
  expect(decisions).toEqual(Array.from({ length: 9 }, () => ['failed', 'invalid_input']))
})

test('a circle in the arguments of a program is nested without end', async () => {
  const { vitrine, record } = await open()
  const circle: Record<string, unknown> = { query: 'SELECT 1' }
  circle['again'] = [circle, circle]
  await expect(vitrine.call('query_database', circle)).rejects.toMatchObject({
    code: 'invalid_input',
    message: 'The arguments of query_database are nested deeper than 64 levels.',
  })
  expect(record()).toHaveLength(1)
})
