import type { Notification, RequestMeta } from '@modelcontextprotocol/server'
import { type OnProgress, type Progress, progressText } from '../base/progress.ts'

/** Milliseconds between two reports, and before the first: a quick answer needs none. */
const everyMs = 1000

export interface Reporting {
  /** Undefined where nobody asked. */
  readonly onProgress: OnProgress | undefined
  end(): void
}

/** The request, and the way to say something before its answer. */
interface Asked {
  readonly _meta?: RequestMeta | undefined
  readonly notify: (notification: Notification) => Promise<void>
}

/**
 * Tells a client that asked for it, by a token, that its call still runs, and how far it is (MCP: progress). The
 * number that must grow is that of seconds: few engines say how much is left, and none from the beginning on.
 */
export function reportProgress({ _meta: meta, notify }: Asked): Reporting {
  const token = meta?.progressToken
  if (token === undefined) return { onProgress: undefined, end: () => undefined }
  const started = performance.now()
  let known: Progress = {}
  const timer = setInterval(() => {
    const progress = Math.round((performance.now() - started) / 1000)
    const message = [`Running for ${progress} s`, progressText(known)].filter(Boolean).join(', ')
    const params = { progressToken: token, progress, message }
    // A client that has gone is told of by its signal.
    notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }, everyMs)
  return {
    onProgress: (progress) => (known = { ...known, ...progress }),
    end: () => clearInterval(timer),
  }
}
