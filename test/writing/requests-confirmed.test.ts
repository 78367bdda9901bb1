import { describe, expect, test } from 'vitest'
import type { Actor } from '../../dist/base/actor.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import { openBilling, startChangedApi } from '../support/changed-api.ts'
import { outcomeOf } from '../support/writing.ts'

const refund = ['refund', { order: 'R 1', cents: 500 }] as const

async function open(config?: Parameters<typeof openBilling>[1]) {
  const api = await startChangedApi()
  return { ...api, ...(await openBilling(api.url, config)) }
}

const accept = (state = '') => ({ asking: { response: { state, decision: 'accepted' } } }) as const

describe('nothing is sent', () => {
  test('by the tool itself, without a question, or after a no', async () => {
    const { call, confirmed, received, app } = await open()
    const tool = createToolsets(app)(app.localActor).tools.get('refund')
    const context = { signal: AbortSignal.timeout(5000), actor: app.localActor }
    expect(await outcomeOf((tool?.run(refund[1], context) ?? Promise.resolve()) as never)).toBe(
      'not_confirmed',
    )
    expect(await outcomeOf(call(...refund, { asking: null }))).toBe('not_confirmed')
    expect(await outcomeOf(confirmed(...refund, 'declined'))).toBe('not_confirmed')
    expect(await outcomeOf(confirmed(...refund, 'cancelled'))).toBe('not_confirmed')
    expect(received).toEqual([])
  })

  test('for a confirmation of other arguments, another tool, another actor, or one that is made up', async () => {
    const { call, received, app } = await open()
    const { state = '' } = (await call(...refund)).question ?? {}
    const eve: Actor = { ...app.localActor, id: 'eve' }
    const outcomes = [
      await outcomeOf(call('refund', { ...refund[1], cents: 501 }, accept(state))),
      await outcomeOf(call('refund', { ...refund[1], order: 'R 2' }, accept(state))),
      await outcomeOf(call('refund', { ...refund[1], trace: 'a' }, accept(state))),
      await outcomeOf(call('refund', { ...refund[1], note: null }, accept(state))),
      await outcomeOf(call('cancel', { id: 1 }, accept(state))),
      await outcomeOf(call(...refund, { ...accept(state), actor: eve })),
      await outcomeOf(
        call(...refund, accept(`${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`)),
      ),
    ]
    expect(outcomes).toEqual(outcomes.map(() => 'not_confirmed'))
    expect(received).toEqual([])
    // None of them has used it up.
    expect(await outcomeOf(call(...refund, accept(state)))).toMatchObject({ status: 201 })
  })

  test('a second time, in order or at once', async () => {
    const { call, received } = await open()
    const { state = '' } = (await call(...refund)).question ?? {}
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => outcomeOf(call(...refund, accept(state)))),
    )
    expect(outcomes.filter((one) => one === 'not_confirmed')).toHaveLength(4)
    expect(await outcomeOf(call(...refund, accept(state)))).toBe('not_confirmed')
    expect(received).toHaveLength(1)
  })

  test('to another place than the one that was shown', async () => {
    const [first, second] = [await startChangedApi(), await startChangedApi()]
    const more = `confirm: { key: ${'k'.repeat(32)}, store: 'redis://127.0.0.1:1' }`
    const one = await openBilling(first.url, { more })
    const other = await openBilling(second.url, { more })
    const { state } = (await one.call(...refund)).question ?? {}
    await expect(other.call(...refund, accept(state))).rejects.toMatchObject({
      code: 'not_confirmed',
      message: expect.stringContaining('does not hold') as string,
    })
    expect([...first.received, ...second.received]).toEqual([])
  })
})

test('with tokens a model is told neither the URL of the source nor what claims say', async () => {
  const { call, received, url } = await open({
    more: 'confirm: { when_nobody_can_be_asked: token }',
    tools: `
  order:
    description: Orders something.
    source: billing
    effect: write
    request: PUT /tenants/{tenant}/orders
    parameters:
      tenant: { type: string, claim: tenant }
      buyer: { type: string, claim: tenant, in: body }
      sku: { type: string }
`,
  })
  const { answer } = await call('order', { sku: 'A' }, { asking: null })
  const { token, summary } = answer['confirm'] as { token: string; summary: string }
  expect(summary).toContain(
    '    PUT /tenants/known_of_caller/orders\n\n    {\n      "buyer": "known_of_caller",',
  )
  expect(summary).not.toMatch(/acme|sesame|127\.0/)
  expect(received).toEqual([])
  await call('order', { sku: 'A', confirm_token: token }, { asking: null })
  expect(received[0]).toMatchObject({ method: 'PUT' })
  expect(received[0]?.url).toMatch(/^\/v2\/tenants\/acme-77\/orders\?/)
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ buyer: 'acme-77', sku: 'A' })
  expect((await call('order', { sku: 'B' })).question?.text).toContain(
    `PUT ${url}/v2/tenants/acme-77/orders`,
  )
})
