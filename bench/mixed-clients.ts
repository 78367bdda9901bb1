/** Clients of the mixed soak: each asks one thing after the other, at random. */
import type { World } from './mixed-world.ts'
import type { StdioClient } from './stdio-client.ts'

/** What an answer was: `rows`, `job`, or the code of an error. */
export type Outcomes = Map<string, number>

interface Answer {
  readonly rows?: unknown
  readonly job?: { readonly id: string; readonly status?: string }
  readonly error?: { readonly code: string }
}

/** Calls a tool; undefined where the caller went away first. */
export type Ask = (tool: string, input: object, signal?: AbortSignal) => Promise<Answer | undefined>

const pollMs = 2000

/** Asks until the signal comes; one at a time. */
export async function keepAsking(
  world: World,
  ask: Ask,
  { outcomes, ended }: { outcomes: Outcomes; ended: AbortSignal },
): Promise<void> {
  const names = Object.keys(world.sources)
  while (!ended.aborted) {
    const source = pick(names)
    const what = pick(Object.keys(actions) as (keyof typeof actions)[])
    const outcome = await actions[what](ask, source, world).then(toOutcome, toFailure)
    const key = `${what}: ${outcome}`
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
  }
}

type Action = (ask: Ask, source: string, world: World) => Promise<Answer | undefined>

const actions = {
  row: (ask, source) =>
    ask('query_database', { source, query: `SELECT * FROM orders WHERE id = ${number()}` }),
  rows: (ask, source) =>
    ask('query_database', {
      source,
      query: `SELECT * FROM orders WHERE id > ${number()}`,
      limit: 50,
    }),
  tool: (ask) => ask('order', { id: number() }),
  schema: (ask, source) => ask('get_schema', { source }),
  refused: (ask, source) => ask('query_database', { source, query: 'DELETE FROM orders' }),
  left: (ask, source, { sources }) =>
    ask('query_database', { source, query: slow(sources, source) }, AbortSignal.timeout(50)),
  async job(ask, source, { sources }) {
    const answer = await ask('query_database', { source, query: slow(sources, source) })
    const id = answer?.job?.id
    if (id === undefined) return answer
    if (Math.random() < 0.3) return ask('cancel_job', { job_id: id })
    for (;;) {
      const now = await ask('get_job_status', { job_id: id, wait_ms: pollMs })
      const { status } = now?.job ?? {}
      if (status !== 'queued' && status !== 'running') return now
    }
  },
} satisfies Record<string, Action>

/** Another question each time, so that no two of them are one job. */
const slow = (sources: World['sources'], source: string): string =>
  `${sources[source]?.slow ?? ''} -- ${Math.random()}`

const number = (): number => 1 + Math.floor(Math.random() * 1900)

const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T

function toOutcome(answer: Answer | undefined): string {
  if (answer === undefined) return 'left'
  if (answer.error !== undefined) return answer.error.code
  return answer.job?.status ?? 'answered'
}

const toFailure = (error: unknown): string => `failed (${String(error).slice(0, 60)})`

export const askOverStdio =
  (client: StdioClient): Ask =>
  async (name, input) =>
    toAnswer(await client.request('tools/call', { name, arguments: input }))

let id = 0

export const askOverHttp =
  (url: string): Ask =>
  async (name, input, signal) => {
    const params = { name, arguments: input }
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-11-25',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method: 'tools/call', params }),
        ...(signal && { signal }),
      })
      return toAnswer(await response.text())
    } catch (error) {
      if (signal?.aborted === true) return undefined
      throw error
    }
  }

function toAnswer(line: string): Answer {
  const [, framed = line] = /^data: (.*)$/m.exec(line) ?? []
  const { result } = JSON.parse(framed) as { result?: { structuredContent?: Answer } }
  if (result?.structuredContent === undefined) throw new Error(line.slice(0, 100))
  return result.structuredContent
}
