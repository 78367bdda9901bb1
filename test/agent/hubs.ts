import { onTestFinished } from 'vitest'
import { type Hub, type HubOptions, openHub } from '../../dist/agent/hub/hub.js'
import type { ServerSpec } from '../../dist/agent/index.js'
import { textOf } from '../../dist/agent/messages.js'
import { Gate, type Permit } from '../../dist/agent/safety/permit.js'
import { never } from './support.ts'

/** A hub that is closed when the test ends. */
export async function hubOf(specs: readonly ServerSpec[], options: HubOptions = {}): Promise<Hub> {
  const hub = await openHub(specs, options)
  onTestFinished(() => hub.close())
  return hub
}

const yes = new Gate(() => Promise.resolve(true))
const clean = { untrusted: false, sensitive: false }

export async function permitFor(hub: Hub, name: string, input: object = {}): Promise<Permit> {
  const tool = hub.toolNamed(name)
  if (tool === undefined)
    throw new Error(`no ${name} in ${hub.tools.map((one) => one.tool).join()}`)
  const { server, definitionHash, facts } = tool
  const call = { server, tool: tool.tool, arguments: { ...input }, definitionHash }
  const { permit } = await yes.judge(call, [clean, facts], never)
  if (permit === undefined) throw new Error('not permitted')
  return permit
}

export const callOn = async (
  hub: Hub,
  name: string,
  input: object = {},
  more: { timeoutMs?: number; signal?: AbortSignal } = {},
) => {
  const permit = await permitFor(hub, name, input)
  const options = { timeoutMs: 10_000, signal: never, onProgress: () => {}, ...more }
  const { content, isError } = await hub.call(permit, options)
  return { text: textOf(content), isError, content }
}
