import type { Bus, BusEars } from './bus.ts'

export interface BusOptions {
  /** The URL of a Redis; undefined for the processes of this machine alone. */
  readonly store: string | undefined
  /** Where there is a store: what the name of the channel begins with. */
  readonly keyPrefix: string
  /** Without a store: a file that all processes of the config name alike; undefined where there are no others. */
  readonly path: string | undefined
  /** Hears when others cannot be told, and when they can be again. */
  readonly note: (text: string) => void
}

/** Who only speaks hears nothing. */
export async function openBus(options: BusOptions, ears?: BusEars): Promise<Bus> {
  const { store, path } = options
  if (store !== undefined) {
    const { openRedisBus } = await import('./redis-bus.ts')
    return openRedisBus({ ...options, url: store }, ears)
  }
  if (path === undefined) return nobody
  const { FileBus } = await import('./file-bus.ts')
  return new FileBus({ path, note: options.note }, ears)
}

const nobody: Bus = { publish: async () => undefined, close: () => undefined }
