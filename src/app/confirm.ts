import { lazily } from '../base/lazily.ts'
import { note } from '../base/report.ts'
import type { Config } from '../config/config.ts'
import type { CallGate } from '../tools/call.ts'
import type { Spent } from '../tools/confirm/spent.ts'
import { withToken } from '../tools/confirm/token.ts'
import type { Tool } from '../tools/tool.ts'

export interface Confirm {
  readonly gate: CallGate
  /** The tool with the argument that confirms a call of it, where there is one. */
  readonly asListed: (tool: Tool) => Tool
  close(): Promise<void>
}

/** What that takes is loaded with the first call that would change something. */
export function createConfirm({ confirm }: Config): Confirm {
  const takesTokens = confirm.whenNobodyCanBeAsked === 'token'
  let isOpen = false
  const open = lazily(() => {
    isOpen = true
    return openConfirm(confirm, takesTokens)
  })
  return {
    gate: async (call, next) =>
      call.tool.effect === undefined ? next(call) : (await open()).gate(call, next),
    asListed: (tool) => (takesTokens ? withToken(tool) : tool),
    async close() {
      if (isOpen) await (await open()).spent.close()
    },
  }
}

async function openConfirm({ key, store, withinMs }: Config['confirm'], takesTokens: boolean) {
  const [{ createConfirmGate }, spent] = await Promise.all([
    import('../tools/confirm/gate.ts'),
    openSpent(store),
  ])
  return { gate: createConfirmGate({ key, withinMs, takesTokens, spent }), spent }
}

async function openSpent(url: string | undefined): Promise<Spent> {
  if (url === undefined) {
    const { LocalSpent } = await import('../tools/confirm/spent.ts')
    return new LocalSpent()
  }
  const { createRedisSpent } = await import('../tools/confirm/redis-spent.ts')
  return createRedisSpent({ url, note })
}
