/** Tools that take longer than a call: jobs of the product, and so tasks for whoever knows them. */
import { setTimeout as pause } from 'node:timers/promises'
import {
  type CallToolResult,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { AppError } from '../../dist/base/error.js'
import type { Toolset } from '../../dist/server/toolsets.js'
import { tasksExtension } from '../../dist/server/offer.js'
import { takesTasks } from '../../dist/server/tasks.js'
import type { Answer, CallContext, Tool } from '../../dist/tools/tool.js'
import { define } from './define-fixture.ts'

/** Of the config that the suite is run against. */
export const source = 'main'

type Arguments = Readonly<Record<string, unknown>>

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => {
    throw new AppError('cancelled', 'The call was cancelled.')
  })

async function fail(message: string, signal: AbortSignal): Promise<never> {
  await sleep(1000, signal)
  throw new AppError('query_failed', message)
}

const running: Readonly<
  Record<string, (given: Arguments, signal: AbortSignal) => Promise<Answer>>
> = {
  async slow_compute({ seconds }, signal) {
    await sleep(Number(seconds) * 1000, signal)
    return { text: `Computed for ${String(seconds)} s.` }
  },
  failing_job: (_, signal) => fail('Fails, as it should.', signal),
  protocol_error_job: (_, signal) => fail('Fails in the protocol, for the suite.', signal),
  async test_tool_with_task({ user_name: name }, signal) {
    await sleep(1000, signal)
    return { text: `Done for ${String(name)}.` }
  },
}

/** About a source that may take long, so that the product makes jobs of them. */
export const taskTools: readonly Tool[] = Object.entries(running).map(([name, run]) => ({
  ...define(name, (given, { signal, onProgress }: CallContext) => {
    onProgress?.({})
    return run((given ?? {}) as Arguments, signal)
  }),
  mayTakeLong: true,
  subject: () => ({ source }),
}))

/** Vitrine has no tool that cannot be answered without a task: a job's id is an answer too. */
const taskOnly = new Set(['failing_job', 'protocol_error_job', 'test_tool_with_task'])

export function refuseWithoutTasks(name: string, { mcpReq }: ServerContext): void {
  if (!taskOnly.has(name) || takesTasks(mcpReq.envelope)) return
  throw new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  })
}

export const withoutTaskOnly = (toolset: Toolset): Toolset => ({
  ...toolset,
  tools: new Map([...toolset.tools].filter(([name]) => !taskOnly.has(name))),
})

/** These ask their caller something while they run, which no job does: here they are answered at once. */
const answered: Readonly<Record<string, (given: Arguments) => string>> = {
  greet: ({ name }) => `Hello, ${String(name)}!`,
  confirm_delete: () => 'Nothing was asked.',
  multi_input: () => 'Nothing was asked.',
}

export const syncNames: readonly string[] = Object.keys(answered)

export function answerAtOnce(name: string, given: Arguments = {}): CallToolResult | undefined {
  const say = answered[name]
  return say && { content: [{ type: 'text', text: say(given) }] }
}
