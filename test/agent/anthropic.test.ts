import { expect, test } from 'vitest'
import { stopReasons } from '../../dist/agent/messages.js'
import { AskFailure } from '../../dist/agent/provider.js'
import { ask, deaf, fakeModel, never, says, use } from './support.ts'

const failureOf = async (work: Promise<unknown>): Promise<AskFailure> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AskFailure)) throw new Error(`no failure of a request: ${String(error)}`)
  return error
}

test('an answer comes as it was sent: text, thinking with its signature, a call', async () => {
  const content = [
    { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
    { type: 'text', text: 'Let me see.' },
    use('look', { at: ['ü', 1.5, null] }),
  ]
  const { provider } = await fakeModel([{ content }])
  const heard: string[] = []
  const reply = await provider.ask(ask(), { onText: (text) => heard.push(text) }, never)
  expect(reply.content).toEqual(content)
  expect(reply.stop_reason).toBe('tool_use')
  expect(heard.join('')).toBe('Let me see.')
})

test.each([...stopReasons, 'something_new'])('the stop reason %s comes through', async (reason) => {
  const { provider } = await fakeModel([{ ...says('x'), stop_reason: reason }])
  expect((await provider.ask(ask(), deaf, never)).stop_reason).toBe(reason)
})

test.each([
  [{ kind: 'status', status: 429, retryAfter: 7 }, 'rate_limited', true],
  [{ kind: 'status', status: 529 }, 'too_busy', true],
  [{ kind: 'status', status: 500 }, 'source_unavailable', true],
  [{ kind: 'status', status: 400 }, 'invalid_input', false],
  [{ kind: 'status', status: 401 }, 'unauthenticated', false],
  [{ kind: 'status', status: 403 }, 'not_allowed', false],
  [{ kind: 'status', status: 413 }, 'request_too_large', false],
  [{ kind: 'cut', afterEvents: 0 }, 'source_unavailable', true],
  [{ kind: 'cut', afterEvents: 3 }, 'source_unavailable', true],
  [{ kind: 'end', afterEvents: 3 }, 'source_unavailable', true],
  [{ kind: 'error', afterEvents: 3, type: 'overloaded_error' }, 'too_busy', true],
  [{ kind: 'stall', afterEvents: 3 }, 'timed_out', true],
] as const)('%j is %s', async (fault, code, again) => {
  const idle = fault.kind === 'stall' ? { idleMs: 500 } : {}
  const { api, provider } = await fakeModel([{ ...says('Hello there'), fault }], idle)
  const failure = await failureOf(provider.ask(ask(), deaf, never))
  expect([failure.error.code, failure.again]).toEqual([code, again])
  expect(failure.error.retryAfterMs).toBe('retryAfter' in fault ? 7000 : undefined)
  expect(api.journal).toHaveLength(1)
})

test('an answer that broke off says what it had cost by then', async () => {
  const fault = { kind: 'cut', afterEvents: 3 } as const
  const { provider } = await fakeModel([{ ...says('Hello'), usage: { input_tokens: 12 }, fault }])
  const { usage } = await failureOf(provider.ask(ask(), deaf, never))
  expect(usage?.input_tokens).toBe(12)
})

test('a slow answer whose events keep coming is waited for', async () => {
  const fault = { kind: 'slow', delayMs: 400 } as const
  const { provider } = await fakeModel([{ ...says('Hello'), fault }], { idleMs: 2000 })
  expect((await provider.ask(ask(), deaf, never)).stop_reason).toBe('end_turn')
})

test('a model that thinks in silence is waited for as long as its API pings', async () => {
  const fault = { kind: 'pings', count: 12, everyMs: 250 } as const
  const { api, provider } = await fakeModel([{ ...says('Hello'), fault }], { idleMs: 2000 })
  expect((await provider.ask(ask(), deaf, never)).stop_reason).toBe('end_turn')
  expect(api.journal).toHaveLength(1)
})

test('a signal ends the request, and says so', async () => {
  const { provider } = await fakeModel([{ ...says('x'), fault: { kind: 'stall', afterEvents: 2 } }])
  const failure = await failureOf(provider.ask(ask(), deaf, AbortSignal.timeout(100)))
  expect([failure.error.code, failure.again]).toEqual(['cancelled', false])
})

test('the tools of a run are the same bytes in every request, marked for the cache', async () => {
  const { api, provider } = await fakeModel(() => says('x'))
  const tools = ['a', 'b'].map((name) => ({
    name,
    description: name,
    input_schema: { type: 'object' },
  }))
  await provider.ask(ask({ tools, system: 'Be brief.' }), deaf, never)
  await provider.ask(ask({ tools, system: 'Be brief.', toolChoice: 'none' }), deaf, never)
  const parts = api.journal.map(
    ({ raw }) => /"tools":\[.*?\],"(?:system|tool_choice)"/.exec(raw)?.[0],
  )
  const prefix = parts.map((part) => part?.replace(/,"[a-z_]+"$/, ''))
  expect(prefix[0]).toMatch(/"cache_control":\{"type":"ephemeral"\}\}\]$/)
  expect(prefix[1]).toBe(prefix[0])
  expect(api.journal[1]?.body['tool_choice']).toEqual({ type: 'none' })
  expect(JSON.stringify(api.journal)).not.toMatch(/temperature|top_p|top_k/)
})
