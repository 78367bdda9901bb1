import type { CallTool } from './call.ts'

/** Calls that are counted while they run. */
export interface CountedCalls {
  readonly callTool: CallTool
  /** Resolves when none is running. */
  readonly whenIdle: () => Promise<void>
}

export function countCalls(callTool: CallTool): CountedCalls {
  let running = 0
  const waiting = new Set<() => void>()
  return {
    callTool: async (call) => {
      running += 1
      try {
        return await callTool(call)
      } finally {
        running -= 1
        if (running === 0) for (const resolve of waiting) resolve()
      }
    },
    whenIdle: () =>
      running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve)),
  }
}
