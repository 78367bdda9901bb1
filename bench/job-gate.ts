/** What the gate of jobs adds to a call that needs none, without the noise of processes. */
import type * as gates from '../dist/tools/jobs/job-gate.js'
import type * as jobsModule from '../dist/jobs/jobs.js'
import type { Call, CallTool } from '../dist/tools/call.js'
import type { DeclaredSource } from '../dist/tools/served-source.js'

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href
const { createJobGate } = (await import(dist('tools/jobs/job-gate.js'))) as typeof gates
const { Jobs } = (await import(dist('jobs/jobs.js'))) as typeof jobsModule

const calls = 20_000
const blocks = 20

const jobs = new Jobs({
  url: 'sqlite:/nowhere/jobs.db',
  keyPrefix: 'bench',
  mostBytes: 1,
  sources: new Map(),
  run: () => Promise.reject(new Error('Nothing is run.')),
  onEnded: async () => undefined,
  onError: () => undefined,
})

const source: DeclaredSource = {
  name: 'shop',
  dialect: 'sqlite',
  description: undefined,
  context: undefined,
  longRunning: { budgetMs: 4500, limitMs: 300_000, jobs, definitionOf: () => '' },
  open: () => Promise.reject(new Error('Nothing is opened.')),
}

const call = {
  tool: { name: 'query_database', mayTakeLong: true, subject: () => ({ source: 'shop' }) },
  arguments: { query: 'SELECT 1' },
  context: {
    signal: new AbortController().signal,
    actor: { id: 'local', claims: {}, tools: 'all', sources: 'all' },
  },
  origin: { transport: 'http' },
} as unknown as Call

/** As a source does it: says that the statement runs, and answers in another turn of the event loop. */
const run: CallTool = async ({ context }) => {
  context.onProgress?.({})
  await new Promise((resolve) => setImmediate(resolve))
  return { answer: {}, text: '{}' }
}

/** Microseconds a call, of the quickest blocks: what else the machine does only adds to them. */
export async function gateMicroseconds(): Promise<number> {
  const gate = createJobGate({
    sources: new Map([['shop', source]]),
    keepMs: 1000,
    perActor: 1,
  })
  const [bare, gated]: [number[], number[]] = [[], []]
  for (let block = 0; block < blocks; block++) {
    bare.push(await timed(run))
    gated.push(await timed((one) => gate(one, run)))
  }
  return (Math.min(...gated) - Math.min(...bare)) * 1000
}

async function timed(work: CallTool): Promise<number> {
  const began = performance.now()
  for (let index = 0; index < calls / blocks; index++) await work(call)
  return (performance.now() - began) / (calls / blocks)
}
