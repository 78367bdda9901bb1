import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Actor } from '../../dist/base/actor.js'
import { loadConfig } from '../../dist/config/load.js'
import { hasRedis, redisUrl } from '../support/redis.ts'
import {
  engines,
  openWritingApp,
  outcomeOf,
  toolsYaml,
  type WritingApp,
  writeShopConfig,
} from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]
const statuses = 'SELECT status FROM orders WHERE id = 1'

async function openShop(more = '') {
  const database = await make()
  const writing = await openWritingApp(writeShopConfig(database, { more }))
  return { ...writing, database, status: async () => (await database.rows(statuses))[0]?.[0] }
}

const ship = ['ship_order', { id: 1 }] as const

async function ask({ call }: Pick<WritingApp, 'call'>, actor?: Actor) {
  const { question } = await call(...ship, { ...(actor && { actor }) })
  if (question === undefined) throw new Error('Nobody was asked.')
  return question
}

const accept = (state: string) =>
  ({ asking: { response: { state, decision: 'accepted' } } }) as const

test('a person is shown all that will run, and nothing ran by then', async () => {
  const shop = await openShop()
  const { answer, question } = await shop.call('ship_order', {
    id: 1,
    status: 'sent\n  id = 2\u202e',
  })
  expect(question?.text).toBe(`Run this on shop?

    UPDATE orders SET status = :status WHERE id = :id

With these values:

    id = 1
    status = "sent\\n  id = 2\\u{202e}"

At most 1 row may change; where it would be more, nothing does.
Asked for by a model that calls the tool ship_order.`)
  expect(answer).toEqual({ waiting: expect.any(String) as string })
  expect(await shop.status()).toBe('new')
})

test('a whole number beyond 2^53 is shown, and written, to the last digit', async () => {
  const shop = await openShop()
  const given = { id: '9007199254740993', status: 'new' }
  const { question } = await shop.call('add_order', given)
  expect(question?.text).toContain('    id = 9007199254740993\n')
  await shop.confirmed('add_order', given)
  const written = await shop.database.rows('SELECT CAST(max(id) AS TEXT) FROM orders')
  expect(written).toEqual([['9007199254740993']])
})

test.each([
  ['declined', 'said no'],
  ['cancelled', 'without an answer'],
] as const)('a person who %s it is obeyed, and the model is told', async (decision, words) => {
  const shop = await openShop()
  await expect(shop.confirmed(...ship, decision)).rejects.toMatchObject({
    code: 'not_confirmed',
    message: expect.stringContaining(words) as string,
  })
  expect(await shop.status()).toBe('new')
})

test('where nobody can be asked it is refused, by a name of its own', async () => {
  const shop = await openShop()
  await expect(shop.call(...ship, { asking: null })).rejects.toMatchObject({
    code: 'not_confirmed',
    message: expect.stringContaining('nobody can be asked') as string,
  })
  // A token is no argument of it then.
  const given = { id: 1, confirm_token: 'v1.x' }
  expect(await outcomeOf(shop.call('ship_order', given, { asking: null }))).toBe('invalid_input')
  expect(await shop.status()).toBe('new')
})

describe('a confirmation opens nothing', () => {
  test('the second time, in order or at once', async () => {
    const shop = await openShop()
    const { state } = await ask(shop)
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => outcomeOf(shop.call(...ship, accept(state)))),
    )
    expect(outcomes.filter((one) => one === 'not_confirmed')).toHaveLength(4)
    await shop.database.run("UPDATE orders SET status = 'again' WHERE id = 1")
    expect(await outcomeOf(shop.call(...ship, accept(state)))).toBe('not_confirmed')
    expect(await shop.status()).toBe('again')
  })

  test('once it was declined', async () => {
    const shop = await openShop()
    const { state } = await ask(shop)
    const declined = { asking: { response: { state, decision: 'declined' } } } as const
    expect(await outcomeOf(shop.call(...ship, declined))).toBe('not_confirmed')
    expect(await outcomeOf(shop.call(...ship, accept(state)))).toBe('not_confirmed')
    expect(await shop.status()).toBe('new')
  })

  test('for other arguments, another tool or another actor', async () => {
    const shop = await openShop()
    const other: Actor = { ...shop.app.localActor, id: 'eve' }
    const { state } = await ask(shop)
    const outcomes = [
      await outcomeOf(shop.call('ship_order', { id: 2 }, accept(state))),
      await outcomeOf(shop.call('ship_order', { id: 1, status: 'x' }, accept(state))),
      await outcomeOf(shop.call('remove_order', { id: 1 }, accept(state))),
      await outcomeOf(shop.call(...ship, { ...accept(state), actor: other })),
    ]
    expect(outcomes).toEqual(Array.from(outcomes, () => 'not_confirmed'))
    expect(await shop.database.rows('SELECT DISTINCT status FROM orders')).toEqual([['new']])
    // None of these has used it up.
    expect(await outcomeOf(shop.call(...ship, accept(state)))).toEqual({ affected_rows: 1 })
  })

  test('that is made up, changed in any place, or of another process', async () => {
    const shop = await openShop()
    const { state } = await ask(shop)
    const [version, nonce, expiry = '', mac] = state.split('.')
    const later = [version, nonce, Number(expiry) + 60_000, mac].join('.')
    const another = await openShop()
    const { state: foreign } = await ask(another)
    const flipped = Array.from(state).map(
      (one, at) => state.slice(0, at) + (one === 'A' ? 'B' : 'A') + state.slice(at + 1),
    )
    const all = ['', 'v1', later, foreign, `${state}=`, ` ${state}`, ...flipped]
    for (const forged of all.filter((one) => one !== state))
      expect(await outcomeOf(shop.call(...ship, accept(forged)))).toBe('not_confirmed')
    expect(await shop.status()).toBe('new')
  })

  test('when its time is over', async () => {
    const shop = await openShop('confirm: { within: 10s }')
    const { state } = await ask(shop)
    const real = Date.now
    try {
      Date.now = () => real() + 10_001
      expect(await outcomeOf(shop.call(...ship, accept(state)))).toBe('not_confirmed')
    } finally {
      Date.now = real
    }
    expect(await shop.status()).toBe('new')
  })

  test.skipIf(!hasRedis).each([
    ['the statement', ['WHERE id = :id\n', 'WHERE id >= :id\n']],
    ['the rows that may change', ['    effect: write\n', '    effect: write\n    affected: 2\n']],
    ['the default of a value', ['default: shipped', 'default: gone']],
  ] as const)('when %s has changed since', async (_what, [before, after]) => {
    const database = await make()
    const more = `confirm: { key: ${'k'.repeat(32)}, store: '${redisUrl}' }`
    const old = await openWritingApp(writeShopConfig(database, { more }))
    const { state } = await ask(old)
    const { writeFileSync, readFileSync } = await import('node:fs')
    const path = writeShopConfig(database, { more })
    const changed = toolsYaml.replace(before, after)
    writeFileSync(path, readFileSync(path, 'utf8').replace(toolsYaml, changed))
    const fresh = await openWritingApp(path)
    expect(await outcomeOf(fresh.call(...ship, accept(state)))).toBe('not_confirmed')
    expect(await database.rows('SELECT DISTINCT status FROM orders')).toEqual([['new']])
  })
})

const keep = async (): Promise<void> => undefined

test('a config that is read anew keeps what was asked, unless what would run is another', async () => {
  const shop = await openShop()
  const { state } = await ask(shop)
  const config = await loadConfig(writeShopConfig(shop.database), process.env)
  await shop.app.reload(config, () => [], keep)
  const { state: other } = await ask(shop)
  expect(await outcomeOf(shop.call(...ship, accept(state)))).toEqual({ affected_rows: 1 })
  const tools = config.tools.map((tool) => ({ ...tool, sql: tool.sql.replace('= :id', '>= :id') }))
  await shop.app.reload({ ...config, tools }, () => [], keep)
  expect(await outcomeOf(shop.call(...ship, accept(other)))).toBe('not_confirmed')
  expect(await outcomeOf(shop.call(...ship, accept(state)))).toBe('not_confirmed')
  expect(await shop.database.rows("SELECT count(*) FROM orders WHERE status = 'shipped'")).toEqual([
    ['1'],
  ])
})

test('a job that somebody slipped in runs nothing', async () => {
  const shop = await openShop()
  const tool = shop.app.tools.find(({ name }) => name === 'ship_order')
  const context = { signal: AbortSignal.timeout(5000), actor: shop.app.localActor }
  await expect(tool?.run({ id: 1 }, context)).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(await shop.status()).toBe('new')
})

test('more than a person can be shown is refused, and told', async () => {
  const shop = await openShop()
  await expect(shop.call('ship_order', { id: 1, status: 'x'.repeat(9000) })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('would have to read') as string,
  })
})

/** One step of somebody who tries whatever they can. */
const step = fc.record({
  act: fc.constantFrom('ask', 'accept', 'decline', 'cancel', 'replay', 'forge', 'none'),
  id: fc.integer({ min: 1, max: 3 }),
  as: fc.constantFrom('local', 'eve'),
  pick: fc.nat(20),
})

test('rows change as often as something was accepted that was asked for exactly this, and never else', async () => {
  const shop = await openShop()
  await shop.database.run(
    'CREATE TABLE log(id); CREATE TRIGGER t AFTER UPDATE ON orders BEGIN INSERT INTO log VALUES (new.id); END',
  )
  const written = async (): Promise<number> =>
    Number((await shop.database.rows('SELECT count(*) FROM log'))[0]?.[0])
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const before = await written()
      const asked: { state: string; id: number; as: string }[] = []
      const used = new Set<string>()
      let expected = 0
      for (const { act, id, as, pick } of steps) {
        const actor = { ...shop.app.localActor, id: as }
        if (act === 'none') {
          await outcomeOf(shop.call('ship_order', { id }, { asking: null, actor }))
          continue
        }
        if (act === 'ask') {
          const { question } = await shop.call('ship_order', { id }, { actor })
          if (question !== undefined) asked.push({ state: question.state, id, as })
          continue
        }
        const one = asked[pick % Math.max(1, asked.length)]
        if (one === undefined) continue
        const decision =
          act === 'decline' ? 'declined' : act === 'cancel' ? 'cancelled' : 'accepted'
        const state = act === 'forge' ? `${one.state.slice(0, -1)}!` : one.state
        const fits = one.id === id && one.as === as && act !== 'forge' && !used.has(one.state)
        if (fits) used.add(one.state)
        if (fits && decision === 'accepted') expected += 1
        await outcomeOf(
          shop.call('ship_order', { id }, { actor, asking: { response: { state, decision } } }),
        )
      }
      expect((await written()) - before).toBe(expected)
    }),
    { numRuns: 25 },
  )
}, 60_000)
