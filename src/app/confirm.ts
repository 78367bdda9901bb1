import { note } from '../base/report.ts'
import type { Config } from '../config/config.ts'
import type { CallGate } from '../tools/call.ts'
import { createConfirmGate } from '../tools/confirm/gate.ts'
import { createRedisSpent } from '../tools/confirm/redis-spent.ts'
import { LocalSpent } from '../tools/confirm/spent.ts'
import { withToken } from '../tools/confirm/token.ts'
import type { Tool } from '../tools/tool.ts'

export interface Confirm {
  readonly gate: CallGate
  /** The tool with the argument that confirms a call of it, where there is one. */
  readonly asListed: (tool: Tool) => Tool
  close(): Promise<void>
}

export function createConfirm({ confirm }: Config): Confirm {
  const { key, store: url, withinMs, whenNobodyCanBeAsked } = confirm
  const spent = url === undefined ? new LocalSpent() : createRedisSpent({ url, note })
  const takesTokens = whenNobodyCanBeAsked === 'token'
  return {
    gate: createConfirmGate({ key, withinMs, takesTokens, spent }),
    asListed: (tool) => (takesTokens ? withToken(tool) : tool),
    close: () => spent.close(),
  }
}
