import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { hashOf } from '../../dist/edge/auth/token.js'
import { modernCall } from './http-server.ts'
import { scratchFolder } from './scratch.ts'

/** The whole of an answer, as a model gets it. */
export interface JobAnswer {
  readonly job?: {
    readonly id: string
    readonly status: string
    readonly position?: number
    readonly elapsed_s?: number
    readonly rows_read?: number
    readonly percent?: number
  }
  readonly rows?: readonly (readonly unknown[])[]
  readonly error?: { readonly code: string; readonly hint: string }
}

/** Asks one server, as whoever the token names. */
export type Asking = (tool: string, input: object) => Promise<JobAnswer>

const tokenOf = (name: string): string => `vitrine_${name}`

export const askAs =
  (url: URL, name?: string): Asking =>
  async (tool, input) => {
    const headers = name === undefined ? {} : { authorization: `Bearer ${tokenOf(name)}` }
    const response = await modernCall(url, [tool, input], { headers })
    const { result } = (await response.json()) as { result: { structuredContent: JobAnswer } }
    return result.structuredContent
  }

/** The id that a question is answered with. */
export async function startJob(ask: Asking, query: string): Promise<string> {
  const answer = await ask('query_database', { query })
  if (answer.job === undefined) throw new Error(`No job: ${JSON.stringify(answer)}`)
  return answer.job.id
}

/** What it ends with, however often one must ask. */
export const endOf = (ask: Asking, id: string): Promise<JobAnswer> =>
  vi.waitFor(
    async () => {
      const answer = await ask('get_job_status', { job_id: id })
      const status = answer.job?.status
      if (status === 'queued' || status === 'running') throw new Error(`The job is ${status}.`)
      return answer
    },
    { timeout: 50_000, interval: 10 },
  )

const dayMs = 24 * 60 * 60 * 1000

export interface JobsConfig {
  /** Of the source. */
  readonly url: string
  readonly limits: string
  /** More of the section `jobs`. */
  readonly jobs?: string
  /** A file beside the config where left out. */
  readonly store?: string
  /** More sections. */
  readonly more?: string
}

/** A config over one source, with a store of jobs; with tokens where people are named. */
export function writeJobsConfig(
  { url, limits, jobs = '', store = 'sqlite:./state/jobs.db', more = '' }: JobsConfig,
  people: readonly string[] = [],
): { readonly config: string; readonly store: string } {
  const folder = scratchFolder()
  const config = join(folder, 'vitrine.yaml')
  const created = new Date()
  const expires = new Date(+created + dayMs)
  const tokens = people.map((name) => ({
    name,
    hash: hashOf(tokenOf(name)),
    tools: 'all',
    sources: 'all',
    created,
    expires,
  }))
  writeFileSync(join(folder, 'tokens.yaml'), JSON.stringify(tokens), { mode: 0o600 })
  writeFileSync(
    config,
    `sources: { main: { url: '${url}', limits: { ${limits} } } }
jobs: { store: '${store}'${jobs} }
${people.length === 0 ? '' : 'http: { auth: { tokens: ./tokens.yaml } }'}
${more}
`,
  )
  return { config, store: join(folder, 'state', 'jobs.db') }
}
