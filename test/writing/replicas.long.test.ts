import { randomBytes } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createClient } from '@redis/client'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startHttpServer } from '../support/http-server.ts'
import { hasRedis, hasRedisServer, OwnRedis, redisUrl } from '../support/redis.ts'
import { engines, openWritingApp, outcomeOf, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]

async function openReplicas(store: string) {
  const database = await make()
  const more = `confirm: { key: ${randomBytes(32).toString('hex')}, store: ${JSON.stringify(store)} }`
  const config = writeShopConfig(database, { more })
  const [one, other] = [await openWritingApp(config), await openWritingApp(config)]
  return { database, one, other }
}

const accepted = (state = '') =>
  ({ asking: { response: { state, decision: 'accepted' } } }) as const

async function forgetIn(url: string, state: string): Promise<void> {
  const client = await createClient({ url }).connect()
  await client.del(`vitrine:confirmed:${state.split('.')[1]}`)
  client.destroy()
}

test.skipIf(!hasRedis)(
  'what one replica has asked another one does, and of all of them at once only one',
  async () => {
    const { database, one, other } = await openReplicas(redisUrl)
    await database.run(
      'CREATE TABLE log(id); CREATE TRIGGER t AFTER UPDATE ON orders BEGIN INSERT INTO log VALUES (new.id); END',
    )
    const { question } = await one.call('ship_order', { id: 1 })
    const state = question?.state ?? ''
    onTestFinished(() => forgetIn(redisUrl, state))
    const both = [one, other, one, other, one, other]
    const outcomes = await Promise.all(
      both.map(({ call }) => outcomeOf(call('ship_order', { id: 1 }, accepted(state)))),
    )
    expect(outcomes.filter((outcome) => outcome !== 'not_confirmed')).toEqual([
      { affected_rows: 1 },
    ])
    expect(await database.rows('SELECT count(*) FROM log')).toEqual([['1']])
    expect(await outcomeOf(other.call('ship_order', { id: 1 }, accepted(state)))).toBe(
      'not_confirmed',
    )
  },
)

test.skipIf(!hasRedisServer)('where the store is away nothing is changed', async () => {
  const redis = new OwnRedis(await freePort())
  await redis.start()
  const { database, one } = await openReplicas(redis.url)
  const { question } = await one.call('ship_order', { id: 1 })
  await redis.stop()
  expect(await outcomeOf(one.call('ship_order', { id: 1 }, accepted(question?.state)))).toBe(
    'too_busy',
  )
  expect(await database.rows('SELECT status FROM orders WHERE id = 1')).toEqual([['new']])
})

test('replicas that share nothing do not take each other’s confirmations', async () => {
  const database = await make()
  const config = writeShopConfig(database)
  const [one, other] = [await openWritingApp(config), await openWritingApp(config)]
  const { question } = await one.call('ship_order', { id: 1 })
  expect(await outcomeOf(other.call('ship_order', { id: 1 }, accepted(question?.state)))).toBe(
    'not_confirmed',
  )
  expect(await database.rows('SELECT status FROM orders WHERE id = 1')).toEqual([['new']])
})

test.skipIf(!hasRedisServer)(
  'processes that share a port answer to each other’s questions',
  async () => {
    const redis = new OwnRedis(await freePort())
    await redis.start()
    const database = await make()
    const more = `confirm: { key: ${randomBytes(32).toString('hex')}, store: ${JSON.stringify(redis.url)} }`
    const { url } = await startHttpServer(writeShopConfig(database, { more }), {
      args: ['--workers', '2'],
    })
    for (const id of [1, 2, 3, 4]) {
      // A connection of its own each time: whichever process takes it.
      const transport = new StreamableHTTPClientTransport(url)
      const client = new Client(
        { name: 'test', version: '1' },
        { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
      )
      client.setRequestHandler('elicitation/create', () => ({
        action: 'accept',
        content: { decision: 'Do it' },
      }))
      await client.connect(transport)
      const { structuredContent } = await client.callTool({ name: 'ship_order', arguments: { id } })
      expect(structuredContent).toEqual({ affected_rows: 1 })
      await client.close()
    }
    expect(await database.rows("SELECT count(*) FROM orders WHERE status = 'shipped'")).toEqual([
      ['4'],
    ])
  },
)
