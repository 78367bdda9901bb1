import { describe, expect, test } from 'vitest'
import {
  createScriptedProvider,
  openAgent,
  runAgent,
  toBillAnswer,
} from '../../dist/agent/index.js'
import type { FakeScript } from '../../dist/testing/messages-api/index.js'
import { lastMessage, run, statusOf } from './runs.ts'
import { callsIn, log, odd, readLog, tool } from './servers.ts'
import { says, use } from './support.ts'

const servers = () => [odd(log(), { tools: [tool('a')] }, { facts: { readOnly: true } })]
const forever =
  (text: string): FakeScript =>
  (body) =>
    body['tool_choice'] === undefined ? { content: [use('odd__a')] } : says(text)

describe('at a limit', () => {
  test('of turns the model answers with what it has, and is told so', async () => {
    const { api, outcome } = await run(forever('Half'), {
      servers: servers(),
      limits: { maxTurns: 3 },
    })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'turns', text: 'Half', turns: 4 })
    expect(lastMessage(api)).toMatch(/reached its limit of turns/)
  })

  test.each(['0.003', '0.01', '0.05', '0.2'])('of %s dollars no more is spent', async (maxUsd) => {
    const limits = { maxUsd, maxTurns: 1000 }
    const { outcome } = await run(forever('Half'), { servers: servers(), limits })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'usd' })
    expect(Number(toBillAnswer(outcome.bill).usd)).toBeLessThanOrEqual(Number(maxUsd))
  })

  test('of tokens no more are used, and there is an answer', async () => {
    const { outcome } = await run(forever('Half'), {
      servers: servers(),
      limits: { maxTokens: 20_000 },
    })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'tokens', text: 'Half' })
    const { input, read, write5m, output } = outcome.bill.tokens
    expect(input + read + write5m + output).toBeLessThanOrEqual(20_000)
    expect(outcome.turns).toBeGreaterThan(2)
  })

  test('of turns the last request, too, is made again when it fails', async () => {
    const fault = { kind: 'status', status: 529 } as const
    const script: FakeScript = (_body, index) =>
      index === 0 ? { content: [use('odd__a')] } : index === 1 ? { fault } : says('Half')
    const { outcome } = await run(script, { servers: servers(), limits: { maxTurns: 1 } })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'turns', text: 'Half' })
  })

  test('of dollars an answer that broke off counts with all it may have cost', async () => {
    const fault = { kind: 'cut', afterEvents: 3 } as const
    const broken: FakeScript = () => ({ ...says('x'), fault })
    const limits = { maxUsd: '0.05', maxOutputTokens: 2000 }
    const { api, outcome } = await run(broken, { limits })
    expect(outcome.status).toBe('failed')
    // The first answer may have cost 0.04.
    expect(api.journal).toHaveLength(1)
  })

  test('that leaves no room for anything nothing is asked', async () => {
    const { api, outcome } = await run(forever('x'), { limits: { maxUsd: '0.000001' } })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'usd', text: '', turns: 0 })
    expect(api.journal).toEqual([])
  })

  test('of time the call that runs is cancelled, and the model answers with what it has', async () => {
    const file = log()
    const hanging = [odd(file, { tools: [tool('a')], neverIn: 'a' }, { facts: { readOnly: true } })]
    const { api, outcome } = await run(forever('Half'), {
      servers: hanging,
      limits: { totalTimeoutMs: 12_000 },
    })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'time', text: 'Half', turns: 2 })
    expect(readLog(file).at(-1)?.method).toBe('notifications/cancelled')
    expect(lastMessage(api)).toMatch(/was cancelled.*reached its limit of time/)
  })

  test('of tokens that cuts an answer short there is one more, without calls', async () => {
    const file = log()
    const cut = { content: [use('odd__a')], stop_reason: 'max_tokens' }
    const { api, outcome } = await run([cut, says('Half')], {
      servers: [odd(file, { tools: [tool('a')] }, { facts: { readOnly: true } })],
      limits: { maxTokens: 12_000 },
    })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'tokens', text: 'Half', turns: 2 })
    expect(api.journal[0]?.body.max_tokens).toBeLessThan(16_000)
    expect(api.journal[1]?.body['tool_choice']).toEqual({ type: 'none' })
    expect(lastMessage(api)).toMatch(/was not made.*reached its limit of tokens/)
    expect(callsIn(file)).toEqual([])
  })

  test('of time a request that has said nothing yet is given up for an answer with what there is', async () => {
    const fault = { kind: 'stall', afterEvents: 1 } as const
    const { api, outcome } = await run([{ ...says('x'), fault }, says('Half')], {
      limits: { totalTimeoutMs: 8000 },
    })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'time', text: 'Half', turns: 2 })
    expect(toBillAnswer(outcome.bill).at_least).toBe(true)
    expect(lastMessage(api)).toMatch(/reached its limit of time/)
  })

  test('of time nobody waits for a request that is to be made again', async () => {
    const fault = { kind: 'status', status: 429, retryAfter: 30 } as const
    const { outcome } = await run([{ fault }, says('Half')], { limits: { totalTimeoutMs: 8000 } })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'time', text: 'Half' })
  })

  test('of time an answer that would never end is not waited for', async () => {
    const fault = { kind: 'stall', afterEvents: 3 } as const
    const { outcome } = await run([{ ...says('x'), fault }], { limits: { totalTimeoutMs: 1500 } })
    expect(outcome).toMatchObject({ status: 'limit', limit: 'time', text: '' })
  })

  test('in dollars a model without a price is refused before anything is asked', async () => {
    const provider = createScriptedProvider([says('x')], 'somebody')
    const options = { servers: [], provider, limits: { maxUsd: 1 } }
    await expect(openAgent(options)).rejects.toMatchObject({ code: 'invalid_input' })
    const priced = { ...options, prices: { somebody: { input: 1, output: 2 } } }
    expect(statusOf(await runAgent({ ...priced, prompt: 'x' }))).toBe('answered')
  })
})

test('of time that no timer can hold are refused, and do not end at once', async () => {
  for (const limits of [{ totalTimeoutMs: 2 ** 31 }, { callTimeoutMs: 4e9 }]) {
    await expect(run([says('x')], { limits })).rejects.toMatchObject({ code: 'invalid_input' })
  }
})
