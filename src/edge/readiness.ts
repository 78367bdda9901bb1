/** What a load balancer is told; nothing that names a source. */
export interface Readiness {
  readonly isReady: boolean
  readonly status: 'ready' | 'draining' | 'unavailable'
  readonly sources?: { readonly ok: number; readonly unavailable: number }
}

export interface ReadinessOptions {
  /** How many sources there are. */
  readonly sources: number
  /** How many of them cannot be reached. */
  readonly countUnreachable: (signal: AbortSignal) => Promise<number>
  /** Aborted when the server is about to end. */
  readonly ending: AbortSignal
}

/** Milliseconds for which an answer stands: probes come every few seconds, from several sides. */
const standsMs = 2000
/** Milliseconds that looking may take. */
const deadlineMs = 2000

/** Ready is a server that can answer something: one source that is down leaves the others served. */
export function createReadiness({
  sources,
  countUnreachable,
  ending,
}: ReadinessOptions): () => Promise<Readiness> {
  let looked = Number.NEGATIVE_INFINITY
  let looking: Promise<Readiness> | undefined
  const look = async (): Promise<Readiness> => {
    const unavailable = await countUnreachable(AbortSignal.timeout(deadlineMs))
    const isReady = unavailable < sources
    const status = isReady ? 'ready' : 'unavailable'
    return { isReady, status, sources: { ok: sources - unavailable, unavailable } }
  }
  return async () => {
    if (ending.aborted) return { isReady: false, status: 'draining' }
    if (looking === undefined || performance.now() - looked > standsMs) {
      looked = performance.now()
      looking = look()
    }
    return looking
  }
}
