/** One store of jobs: how many it takes in and gives out, and how long it takes to ask for one. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobRequest } from '../dist/jobs/job-store.js'
import type * as openStore from '../dist/jobs/open-store.js'
import { freePort } from './http-session.ts'
import type { JobPlace } from './job-places.ts'

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href
const { openJobStore } = (await import(dist('jobs/open-store.js'))) as typeof openStore
const main = fileURLToPath(dist('cli/main.js'))

const jobs = 300
const inFlight = 8
const polls = 500
const warmUp = 50

const toRequest = (): JobRequest => ({
  id: randomUUID(),
  actor: { id: 'bench', claims: {}, tools: 'all', sources: 'all' },
  tool: 'query_database',
  arguments: { query: 'SELECT 1' },
  source: 'shop',
  key: randomUUID(),
  definition: '',
  keepMs: 600_000,
})

/** Taken in, claimed and completed with a small result, some at a time. */
export async function jobsPerSecond({ url, keyPrefix }: JobPlace): Promise<number> {
  const store = await openJobStore({ url, keyPrefix, mostBytes: 1e8 })
  const rows = [JSON.stringify({ rows: [[1]], row_count: 1 })]
  let left = jobs
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      await store.submit(toRequest(), jobs * 2)
      const claim = await store.claim('shop', inFlight)
      if (claim === undefined || !(await store.complete(claim, rows)))
        throw new Error('A job was not completed.')
    }
  }
  try {
    const began = performance.now()
    await Promise.all(Array.from({ length: inFlight }, one))
    return jobs / ((performance.now() - began) / 1000)
  } finally {
    await store.close()
  }
}

interface PollTimes {
  readonly p50: number
  readonly p99: number
}

/** Of a job that has its rows, one after another, over one connection. */
export async function pollTimes(place: JobPlace, folder: string): Promise<PollTimes> {
  const config = join(folder, `${place.name}.yaml`)
  writeFileSync(
    config,
    `sources: { shop: { url: 'sqlite:./orders.db', limits: { timeout: 1ms } } }
jobs: { store: '${place.url}', key_prefix: ${place.keyPrefix} }
`,
  )
  const port = await freePort()
  const server = spawn(process.execPath, [main, 'serve', config, '--http', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  })
  try {
    const call = callAt(`http://127.0.0.1:${port}/mcp`)
    const job_id = await startJob(call)
    const times: number[] = []
    for (let poll = 0; poll < warmUp + polls; poll++) {
      const began = performance.now()
      const { rows } = await call('get_job_status', { job_id })
      if (poll >= warmUp && rows !== undefined) times.push(performance.now() - began)
    }
    times.sort((one, other) => one - other)
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
    return { p50: at(0.5), p99: at(0.99) }
  } finally {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

interface Answer {
  readonly job?: { readonly id: string }
  readonly rows?: unknown
}

type Call = (name: string, input: object) => Promise<Answer>

const callAt =
  (url: string): Call =>
  async (name, input) => {
    const params = { name, arguments: input }
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    const { result } = (await response.json()) as { result: { structuredContent: Answer } }
    return result.structuredContent
  }

const patienceMs = 20_000

/** The id of one that is done, once the server is there. */
async function startJob(call: Call): Promise<string> {
  const deadline = performance.now() + patienceMs
  // Long enough to be none that is answered at once.
  const query = `SELECT '${randomUUID()}' AS a, sum(length(note) * id) AS n FROM orders`
  while (performance.now() < deadline) {
    const { job } = await call('query_database', { query }).catch((): Answer => ({}))
    if (job === undefined) {
      await pause(50)
      continue
    }
    while (performance.now() < deadline) {
      const { rows } = await call('get_job_status', { job_id: job.id })
      if (rows !== undefined) return job.id
    }
  }
  throw new Error(`There was no job within ${patienceMs} ms.`)
}
