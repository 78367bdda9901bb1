import { expect, test } from 'vitest'
import { legacyCall } from '../support/http-server.ts'
import { serveHere } from '../support/serve-here.ts'
import { engines, openWritingApp, outcomeOf, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]
const more = 'confirm: { when_nobody_can_be_asked: token }'

async function openShop() {
  const database = await make()
  const config = writeShopConfig(database, { more })
  const { call, app } = await openWritingApp(config)
  const status = async () => (await database.rows('SELECT status FROM orders WHERE id = 1'))[0]?.[0]
  return {
    app,
    config,
    database,
    status,
    call: (input: object, tool = 'ship_order') => call(tool, input, { asking: null }),
    ask: call,
  }
}

interface Confirm {
  readonly confirm: {
    readonly token: string
    readonly summary: string
    readonly expires_at: string
  }
}

test('the first call gives a token and changes nothing, the second one with it runs, once', async () => {
  const { call, status } = await openShop()
  const { confirm } = (await call({ id: 1 })).answer as unknown as Confirm
  expect(confirm.summary).toContain('    id = 1\n    status = "shipped"')
  expect(Date.parse(confirm.expires_at) - Date.now()).toBeGreaterThan(200_000)
  expect(await status()).toBe('new')
  const again = { id: 1, confirm_token: confirm.token }
  const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(call(again))))
  expect(outcomes.filter((one) => one === 'not_confirmed')).toHaveLength(2)
  expect(await status()).toBe('shipped')
})

test('a token is for the very same call', async () => {
  const { call, status, database } = await openShop()
  const { confirm } = (await call({ id: 1 })).answer as unknown as Confirm
  const { token: confirm_token } = confirm
  expect(await outcomeOf(call({ id: 2, confirm_token }))).toBe('not_confirmed')
  expect(await outcomeOf(call({ id: 1, status: 'x', confirm_token }))).toBe('not_confirmed')
  expect(await outcomeOf(call({ id: 1, confirm_token }, 'remove_order'))).toBe('not_confirmed')
  expect(await outcomeOf(call({ id: 1, confirm_token: '' }))).toBe('not_confirmed')
  expect(await outcomeOf(call({ id: 1, confirm_token: 7 }))).toBe('not_confirmed')
  expect(await outcomeOf(call({ id: 1, confirm_token: `${confirm_token}x` }))).toBe('not_confirmed')
  expect(await status()).toBe('new')
  expect(await database.rows('SELECT count(*) FROM orders')).toEqual([['5']])
})

test('where a person can be asked a token stands for nothing, and neither stands for the other', async () => {
  const { call, ask, status } = await openShop()
  const { confirm } = (await call({ id: 1 })).answer as unknown as Confirm
  const asked = await ask('ship_order', { id: 1, confirm_token: confirm.token })
  expect(asked.question).toBeDefined()
  const response = { state: confirm.token, decision: 'accepted' } as const
  expect(await outcomeOf(ask('ship_order', { id: 1 }, { asking: { response } }))).toBe(
    'not_confirmed',
  )
  const state = asked.question?.state
  expect(await outcomeOf(call({ id: 1, confirm_token: state }))).toBe('not_confirmed')
  expect(await status()).toBe('new')
})

test('the argument is listed with the tools that change something, and with no others', async () => {
  const { app } = await openShop()
  const withToken = app.tools.filter(
    ({ inputSchema }) => 'confirm_token' in (inputSchema['properties'] as object),
  )
  expect(withToken.map(({ name }) => name)).toEqual(
    app.tools.filter(({ effect }) => effect).map(({ name }) => name),
  )
})

test('it works for clients over HTTP that have no other way', async () => {
  const { config, status } = await openShop()
  const url = await serveHere({ config })
  const call = async (input: object): Promise<unknown> => {
    const text = await (await legacyCall(url, ['ship_order', input])).text()
    const frame = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? text
    return (JSON.parse(frame) as { result: { structuredContent: unknown } }).result
      .structuredContent
  }
  const { confirm } = (await call({ id: 1 })) as Confirm
  expect(await call({ id: 1, confirm_token: confirm.token })).toEqual({ affected_rows: 1 })
  expect(await status()).toBe('shipped')
})
