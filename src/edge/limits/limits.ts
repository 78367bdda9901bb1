import type { Call, CallGate } from '../../tools/call.ts'
import type { Meters } from './meters.ts'
import type { Store } from './store.ts'

/** So many calls in so many seconds. */
export interface Rate {
  readonly calls: number
  readonly seconds: number
}

/** Each limit is one actor's; what is left out has no limit. */
export interface LimitsOptions {
  readonly perActor: Rate | undefined
  /** Of the calls of one tool, by its name. */
  readonly perTool: Readonly<Record<string, Rate>>
  /** Calls under way at once. */
  readonly concurrent: number | undefined
  readonly dailyRows: number | undefined
  /** Of the answers, as JSON. */
  readonly dailyBytes: number | undefined
  /** URL of the Redis that several processes count in; each counts for itself where undefined. */
  readonly store: string | undefined
  /** `open`: while the store is gone each process counts for itself; `closed`: calls are refused. */
  readonly whenStoreFails: 'open' | 'closed'
  /** What the names of all keys in the store begin with. */
  readonly keyPrefix: string
  /** Told in a sentence when the store is lost and when it is back. */
  readonly note: (text: string) => void
}

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
      import('./store.ts'),
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
