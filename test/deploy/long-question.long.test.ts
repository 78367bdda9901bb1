import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startHttpServer } from '../support/http-server.ts'
import type { JobAnswer } from '../support/jobs.ts'
import { ask, hasNginx, startNginx } from '../support/nginx.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { scratchFolder } from '../support/scratch.ts'
import { tokenFile, tokenOf } from './tokens.ts'

/** Ten minutes where a maintainer asks for them: `LONG_QUESTION_SECONDS=600`. */
const seconds = Number(process.env['LONG_QUESTION_SECONDS'] ?? 10)

/** Computes for so long, however quick the machine is, and then has a row. */
const question = `SELECT 'answered' AS a FROM (SELECT generate_series(1, 1000000000000) AS i) AS s
  WHERE clock_timestamp() >= statement_timestamp() + interval '${seconds} seconds' LIMIT 1`

interface Calling {
  readonly signal?: AbortSignal
}

/** Each call comes as from a client that was just started: on a connection of its own. */
const callAs =
  (url: URL, name: string) =>
  async (tool: string, input: object, { signal }: Calling = {}): Promise<JobAnswer> => {
    const params = { name: tool, arguments: input }
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const headers = { connection: 'close' }
    const { text } = await ask(url, body, {
      token: tokenOf(name),
      headers,
      ...(signal && { signal }),
    })
    return (JSON.parse(text) as { result: { structuredContent: JobAnswer } }).result
      .structuredContent
  }

/** Two servers, each with a folder of its own, that share a store of jobs; nginx in front. */
async function deploy(database: string): Promise<URL> {
  const state = join(scratchFolder(), 'state')
  mkdirSync(state)
  const ports = await Promise.all(
    [1, 2].map(async () => {
      const folder = scratchFolder()
      writeFileSync(join(folder, 'tokens.yaml'), tokenFile(), { mode: 0o600 })
      writeFileSync(
        join(folder, 'vitrine.yaml'),
        `sources: { shop: { url: '${database}', limits: { timeout: 1s, job_timeout: ${seconds + 300}s } } }
jobs: { store: 'sqlite:${state}/jobs.db' }
http: { url: https://data.example/mcp, auth: { tokens: ./tokens.yaml } }
`,
      )
      const port = await freePort()
      await startHttpServer(join(folder, 'vitrine.yaml'), { address: `127.0.0.1:${port}` })
      return port
    }),
  )
  return startNginx(ports, onTestFinished)
}

test.skipIf(!hasNginx || !hasPostgres)(
  'a long question gets its answer through nginx, whatever becomes of the connection it came by',
  async () => {
    const database = await makePostgres()
    const url = await deploy(database.url())
    const call = callAs(url, 'ana')
    const began = performance.now()
    const { job } = await call('query_database', { query: question })
    const job_id = job?.id ?? ''
    expect(job).toMatchObject({ status: 'running' })

    const hangUp = new AbortController()
    const waiting = call('get_job_status', { job_id, wait_ms: 4000 }, { signal: hangUp.signal })
    await pause(300)
    hangUp.abort()
    await expect(waiting).rejects.toThrow('aborted')

    // nginx gives the replicas turns: all of this is answered by both.
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await call('query_database', { query: question })).toMatchObject({
        job: { id: job_id, status: 'running' },
      })
    }
    expect(await callAs(url, 'ben')('get_job_status', { job_id })).toMatchObject({
      error: { code: 'job_not_found' },
    })
    let polls = 0
    let answer: JobAnswer = { job: { id: job_id, status: 'running' } }
    while (answer.job !== undefined && performance.now() - began < (seconds + 60) * 1000) {
      answer = await call('get_job_status', { job_id, wait_ms: 2000 })
      polls += 1
    }
    expect(answer).toMatchObject({ rows: [['answered']] })
    const took = (performance.now() - began) / 1000
    expect(took).toBeGreaterThanOrEqual(seconds)
    for (let turn = 0; turn < 2; turn += 1)
      expect(await call('get_job_status', { job_id })).toMatchObject({ rows: [['answered']] })
    if (seconds > 60)
      process.stdout.write(`Answered after ${took.toFixed(1)} s and ${polls} polls.\n`)
  },
  (seconds + 120) * 1000,
)
