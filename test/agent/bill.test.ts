import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, Tab, toBillAnswer } from '../../dist/agent/bill/bill.js'
import { costOf } from '../../dist/agent/bill/cost.js'
import { toDollars, toMoney } from '../../dist/agent/bill/money.js'
import { publishedPrices, withOwnPrices } from '../../dist/agent/bill/prices.js'

const day = '2026-11-24'
const million = { input_tokens: 1_000_000, output_tokens: 0 }

const dollars = (usage: object, model: string, on = day, table = publishedPrices) => {
  const cost = costOf({ input_tokens: 0, output_tokens: 0, ...usage }, model, { table, day: on })
  return cost === undefined ? 'unpriced' : toDollars(cost)
}

test('money is exact to the last digit, both ways', () => {
  fc.assert(fc.property(fc.bigInt(0n, 10n ** 20n), (money) => toMoney(toDollars(money)) === money))
  expect(toMoney('-1')).toBeUndefined()
  expect(toMoney('1e3')).toBeUndefined()
  expect(toMoney(0.1)).toBe(100_000_000_000n)
})

test.each([
  ['input', { input_tokens: 1_000_000 }, '4.00'],
  ['output', { output_tokens: 1_000_000 }, '20.00'],
  ['a read', { cache_read_input_tokens: 1_000_000 }, '0.20'],
  ['a write that is not split', { cache_creation_input_tokens: 1_000_000 }, '5.00'],
  [
    'a write for an hour',
    {
      cache_creation_input_tokens: 1_000_000,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1_000_000 },
    },
    '8.00',
  ],
  ['the smallest thing', { output_tokens: 1 }, '0.00002'],
  ['searches', { server_tool_use: { web_search_requests: 3 } }, '0.03'],
  ['a request kept in one country', { ...million, inference_geo: 'us' }, '4.40'],
  ['a batch', { ...million, service_tier: 'batch' }, '2.00'],
  ['the fast mode', { ...million, speed: 'fast' }, '8.00'],
  ['a country without a price', { ...million, inference_geo: 'mars' }, 'unpriced'],
  ['a tier without a price', { ...million, service_tier: 'priority' }, 'unpriced'],
])('%s of Opus 5.5 costs what is published', (_what, usage, expected) => {
  expect(dollars(usage, 'claude-opus-5-5')).toBe(expected)
})

describe('a request of Haiku 5.5', () => {
  test('with 100,000 tokens is cheap, with one more it is dear as a whole', () => {
    expect(dollars({ input_tokens: 100_000, output_tokens: 1000 }, 'claude-haiku-5-5')).toBe(
      '0.0105',
    )
    const over = { input_tokens: 1, cache_read_input_tokens: 100_000, output_tokens: 1000 }
    expect(dollars(over, 'claude-haiku-5-5')).toBe('0.0075005')
  })

  test('written and read tokens count to the tier', () => {
    const usage = { cache_creation_input_tokens: 60_000, cache_read_input_tokens: 60_000 }
    expect(dollars(usage, 'claude-haiku-5-5')).toBe('0.0405')
  })
})

test('a price holds from its day on', () => {
  const read = { cache_read_input_tokens: 1_000_000 }
  expect(dollars(read, 'claude-sonnet-5-5', '2026-10-06')).toBe('0.20')
  expect(dollars(read, 'claude-sonnet-5-5', '2026-10-07')).toBe('0.10')
  expect(dollars(read, 'claude-sonnet-5-5', '2026-09-01')).toBe('unpriced')
})

test.each(['claude-opus-5-5-20260922', 'claude-sonnet-5-6', 'gpt', 'scripted', 'Claude-opus-5-5'])(
  '%s is unpriced: a name that is alike is another model',
  (model) => expect(dollars(million, model)).toBe('unpriced'),
)

test('a model that answers with the day behind its name has the same price', () => {
  const usage = { input_tokens: 1_000_000 }
  const pairs = [
    ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'],
    ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
    ['claude-opus-4-5', 'claude-opus-4-5-20251101'],
  ] as const
  for (const [plain, dated] of pairs) {
    expect(dollars(usage, plain)).not.toBe('unpriced')
    expect(dollars(usage, dated)).toBe(dollars(usage, plain))
  }
})

test('own prices stand in place of the published ones, with the usual ones for the cache', () => {
  const table = withOwnPrices({ mine: { input: '3', output: 15, cache_read: '0.07' } })
  expect(dollars(million, 'mine', day, table)).toBe('3.00')
  expect(dollars({ cache_read_input_tokens: 1_000_000 }, 'mine', day, table)).toBe('0.07')
  expect(dollars({ cache_creation_input_tokens: 1_000_000 }, 'mine', day, table)).toBe('3.75')
  expect(() => withOwnPrices({ mine: { input: '-3', output: 1 } })).toThrow(/no price/)
})

test('a bill adds up, and says where it is not the whole', () => {
  const tab = new Tab()
  tab.add({ model: 'claude-opus-5-5', day, usage: { input_tokens: 3, output_tokens: 7 } })
  tab.add({ model: 'claude-haiku-5-5', day, usage: { input_tokens: 10, output_tokens: 1 } })
  expect(toBillAnswer(tab.bill)).toMatchObject({ usd: '0.0001535', at_least: false, unpriced: [] })
  tab.add({ model: 'x', day, usage: million, brokenOff: true })
  const bill = toBillAnswer(tab.bill)
  expect(bill).toMatchObject({ usd: null, at_least: true, unpriced: ['x'] })
  expect(bill.turns.map(({ usd }) => usd)).toEqual(['0.000152', '0.0000015', null])
})

test('a run is compared with what it would have cost on other models, cheapest first', () => {
  const tab = new Tab()
  tab.add({ model: 'claude-opus-5-5', day, usage: { input_tokens: 50_000, output_tokens: 1000 } })
  const models = ['claude-fable-5-2', 'nobody', 'claude-haiku-5-5', 'claude-sonnet-5-5']
  const shown = compare(tab.bill, models).map(({ model, cost }) => [
    model,
    cost === undefined ? undefined : toDollars(cost),
  ])
  expect(shown).toEqual([
    ['claude-haiku-5-5', '0.0055'],
    ['claude-sonnet-5-5', '0.11'],
    ['claude-fable-5-2', '0.44'],
    ['nobody', undefined],
  ])
})
