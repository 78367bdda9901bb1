import type { Call, CallGate } from '../../tools/call.ts'
import type { LimitsOptions } from './options.ts'
import type { Meters } from './meters.ts'
import type { Store } from './store.ts'

export interface Limits {
  readonly gate: CallGate
  /** Rejects where the store is gone, and calls are refused because of it. */
  readonly ready: () => Promise<void>
  close(): Promise<void>
}

/** How much of the server one actor may use. Opens nothing before the first call. */
export function createLimits(options: LimitsOptions): Limits {
  let opening: Promise<Open> | undefined
  const open = async (): Promise<Open> => {
    const [{ Meters }, { openStore }] = await Promise.all([
      import('./meters.ts'),
      import('./open-store.ts'),
    ])
    const store = await openStore(options)
    return { meters: new Meters(options, store), store }
  }
  return {
    async gate(call, next) {
      const { meters } = await (opening ??= open())
      const who = whoAsks(call)
      const leave = await meters.enter(who, call.tool.name)
      try {
        const reply = await next(call)
        await meters.charge(who, reply)
        return reply
      } finally {
        await leave()
      }
    },
    async ready() {
      const { store } = await (opening ??= open())
      await store.ready()
    },
    async close() {
      const opened = await opening?.catch(() => undefined)
      opened?.store.close()
    },
  }
}

interface Open {
  readonly meters: Meters
  readonly store: Store
}

/** Callers of whom nothing is known share one count. */
const whoAsks = ({ context }: Call): string => context.actor?.id ?? ''
