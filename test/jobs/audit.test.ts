import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { askAs, endOf, startJob, writeJobsConfig } from '../support/jobs.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'
import { serveHere } from '../support/serve-here.ts'

type Entry = Readonly<Record<string, unknown>>

const entriesIn = (file: string): readonly Entry[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)

const counted = 'SELECT count(*) FROM generate_series(1, 4000000)'
const endless = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b'
/** Divides by zero once it has counted. */
const failing = 'SELECT 1 / (count(*) - 4000000) FROM generate_series(1, 4000000)'

test.runIf(hasPostgres)(
  'how a job ends is on record, under the actor and the id of the call that it came from',
  async () => {
    const database = await makePostgres()
    const { config } = writeJobsConfig(
      {
        url: database.url(),
        limits: 'timeout: 100ms',
        more: 'audit: { file: ./audit.jsonl, key: the audit key of tests }',
      },
      ['ana'],
    )
    const file = join(dirname(config), 'audit.jsonl')
    const ask = askAs(await serveHere({ config }), 'ana')
    const ends = async (id: string): Promise<Entry> =>
      vi.waitFor(
        () => {
          const found = entriesIn(file).filter(({ event, job }) => event === 'job' && job === id)
          expect(found).toHaveLength(1)
          return found[0] ?? {}
        },
        { timeout: 10_000 },
      )

    const done = await startJob(ask, counted)
    await endOf(ask, done)
    const [call] = entriesIn(file)
    expect(call).toMatchObject({ tool: 'query_database', decision: 'allowed', job: done })
    const { fingerprint, arguments: given } = call ?? {}
    expect(await ends(done)).toMatchObject({
      actor: 'token:ana',
      tool: 'query_database',
      source: 'main',
      attempt: 1,
      decision: 'allowed',
      rows: 1,
      bytes: expect.any(Number),
      ms: expect.any(Number),
      fingerprint,
      arguments: given,
    })
    const asked = entriesIn(file).filter(({ tool }) => tool === 'get_job_status')
    expect(new Set(asked.map(({ job }) => job))).toEqual(new Set([done]))

    const failed = await startJob(ask, failing)
    await endOf(ask, failed)
    expect(await ends(failed)).toMatchObject({ decision: 'failed', reason: 'query_failed' })

    const cancelled = await startJob(ask, endless)
    await ask('cancel_job', { job_id: cancelled })
    expect(await ends(cancelled)).toMatchObject({ decision: 'cancelled', reason: 'cancelled' })

    const verified = await vitrine(['audit', 'verify', file, '--key-from', 'KEY'], {
      env: { ...process.env, KEY: 'the audit key of tests' },
    })
    expect(verified).toMatchObject({ code: 0 })
    const shown = await runHere(['audit', 'show', file, '--actor', 'token:ana'])
    expect(shown.stdout.match(/query_database, end of job/g)).toHaveLength(3)
  },
)
