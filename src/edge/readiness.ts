/** What a load balancer is told; nothing that names a source. */
export interface Readiness {
  readonly isReady: boolean
  readonly status: 'ready' | 'draining' | 'unavailable'
  readonly sources?: { readonly ok: number; readonly unavailable: number }
  /** Of what no call goes without: what cannot do its part. */
  readonly missing?: readonly string[]
  /** Of what some calls do without: what cannot do its part. */
  readonly degraded?: readonly string[]
}

/** What is served now. */
interface ServedNow {
  /** How many sources there are. */
  readonly sources: number
  /** What no call goes without; each rejects where it cannot do its part now. */
  readonly required: Readonly<Record<string, () => Promise<void>>>
  /** What some calls do without; as above. */
  readonly wanted: ServedNow['required']
}

export interface ReadinessOptions {
  readonly served: () => ServedNow
  /** How many sources cannot be reached. */
  readonly countUnreachable: (signal: AbortSignal) => Promise<number>
  /** Aborted when the server is about to end. */
  readonly ending: AbortSignal
}

/** Milliseconds for which an answer stands: probes come every few seconds, from several sides. */
const standsMs = 2000
/** Milliseconds that looking may take. */
const deadlineMs = 2000

/**
 * Ready is a server that can answer something: one source that is down leaves the others served, a
 * record that cannot be written nobody; where long questions cannot be kept, short ones are answered.
 */
export function createReadiness({
  served,
  countUnreachable,
  ending,
}: ReadinessOptions): () => Promise<Readiness> {
  let looked = Number.NEGATIVE_INFINITY
  let looking: Promise<Readiness> | undefined
  const look = async (): Promise<Readiness> => {
    const { sources, required, wanted } = served()
    const [unavailable, missing, degraded] = await Promise.all([
      countUnreachable(AbortSignal.timeout(deadlineMs)),
      findMissing(required),
      findMissing(wanted),
    ])
    // APIs are somebody else's service: whether they answer says nothing of this one.
    const isReady = (sources === 0 || unavailable < sources) && missing.length === 0
    const status = isReady ? 'ready' : 'unavailable'
    const ok = sources - unavailable
    return { isReady, status, sources: { ok, unavailable }, missing, degraded }
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

async function findMissing(required: ServedNow['required']): Promise<readonly string[]> {
  const names = Object.keys(required)
  const settled = await Promise.allSettled(Object.values(required).map((ready) => ready()))
  return names.filter((_name, index) => settled[index]?.status === 'rejected')
}
