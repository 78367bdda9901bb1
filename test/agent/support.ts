import { onTestFinished } from 'vitest'
import { createAnthropicProvider } from '../../dist/agent/anthropic.js'
import type { Ask, Provider } from '../../dist/agent/provider.js'
import {
  type FakeMessagesApi,
  type FakeScript,
  startFakeMessagesApi,
} from '../../dist/testing/messages-api/index.js'

/** A fake that is gone when the test ends, and a provider that asks it. */
export async function fakeModel(
  script: FakeScript,
  options: { readonly model?: string; readonly idleMs?: number } = {},
): Promise<{ readonly api: FakeMessagesApi; readonly provider: Provider }> {
  const api = await startFakeMessagesApi(script)
  onTestFinished(api.close)
  const provider = createAnthropicProvider({
    model: 'claude-opus-5-5',
    apiKey: 'test',
    baseURL: api.url,
    ...options,
  })
  return { api, provider }
}

export const says = (text: string) => ({ content: [{ type: 'text', text }] })

let calls = 0

export const use = (name: string, input: Record<string, unknown> = {}) => ({
  type: 'tool_use',
  id: `toolu_${(calls += 1)}`,
  name,
  input,
})

export const ask = (more: Partial<Ask> = {}): Ask => ({
  system: undefined,
  tools: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  maxTokens: 100,
  toolChoice: 'auto',
  ...more,
})

export const deaf = { onText: (): void => {} }
export const never = new AbortController().signal
