import { type AgentOptions, type Outcome, runAgent } from '../../dist/agent/index.js'
import type { FakeMessagesApi, FakeScript } from '../../dist/testing/messages-api/index.js'
import { fakeModel } from './support.ts'

export const fastRetry = { retries: 2, firstWaitMs: 5 }

/** One run against the fake, with the fake's journal. */
export async function run(
  script: FakeScript,
  options: Partial<AgentOptions> & { signal?: AbortSignal; idleMs?: number } = {},
) {
  const idle = options.idleMs === undefined ? {} : { idleMs: options.idleMs }
  const { api, provider } = await fakeModel(script, idle)
  const outcome = await runAgent({
    prompt: 'What is there?',
    servers: [],
    provider,
    retry: fastRetry,
    ...options,
  })
  return { api, outcome }
}

export const statusOf = ({ status }: Outcome): string => status

/** What the model was told last. */
export const lastMessage = ({ journal }: FakeMessagesApi): string =>
  JSON.stringify(journal.at(-1)?.body.messages?.at(-1))
