import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import { type Actor, narrow } from '../../dist/base/actor.js'
import { type Config, defaultConfig } from '../../dist/config/config.js'
import { callTool, toolConfig } from '../support/curated.ts'
import { sourceConfig } from '../support/open.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

const ana: Actor = { id: 'ana', claims: {}, tools: 'all', sources: 'all' }

const people = `CREATE TABLE people (name TEXT, salary INTEGER); INSERT INTO people VALUES ('Eve', 4711)`

/** Counts for a second or two, and says something beside it. */
const slowly = (what: string) =>
  toolConfig(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000)
     select (select ${what} from people) as told, count(*) as n from n`,
    { name: 'tell_slowly' },
  )

function open(what = 'salary'): { readonly app: App; readonly config: Config } {
  const store = `sqlite:${join(scratchFolder(), 'jobs.db')}`
  const config: Config = {
    ...defaultConfig,
    jobs: { ...defaultConfig.jobs, store },
    sources: [sourceConfig(makeDatabase(people), { limits: { timeoutMs: 200 } })],
    tools: [slowly(what)],
  }
  const app = createApp(config)
  onTestFinished(() => app.close())
  return { app, config }
}

const reload = (app: App, config: Config) =>
  app.reload(
    config,
    () => [],
    async () => undefined,
  )

async function start(app: App): Promise<string> {
  const { job } = await callTool(app, ['tell_slowly', {}], ana)
  return (job as { id: string }).id
}

const told = (app: App, id: string, actor = ana) =>
  callTool(app, ['get_job_status', { job_id: id }], actor)

const ended = (app: App, id: string) =>
  vi.waitFor(async () => {
    const answer = await told(app, id)
    expect(answer).not.toMatchObject({ job: { status: 'running' } })
    return answer
  }, 20_000)

test('rows that a job read before a column was masked are not given after that', async () => {
  const { app, config } = open()
  const id = await start(app)
  expect(await ended(app, id)).toMatchObject({ rows: [[4711, 4_000_000]] })
  const [source] = config.sources
  if (source === undefined) throw new Error('There is no source.')
  await reload(app, {
    ...config,
    sources: [{ ...source, columns: { 'people.salary': 'mask' } }],
  })
  expect(await told(app, id)).toMatchObject({ code: 'job_not_found' })
})

test('a question is not answered by a job of a statement that the config no longer has', async () => {
  const { app, config } = open()
  const id = await start(app)
  await reload(app, { ...config, tools: [slowly('name')] })
  const next = await start(app)
  expect(next).not.toBe(id)
  expect(await ended(app, next)).toMatchObject({ rows: [['Eve', 4_000_000]] })
  expect(await ended(app, id)).toMatchObject({ code: 'job_not_found' })
})

test('what has nothing to do with its answer leaves a job as it is', async () => {
  const { app, config } = open()
  const id = await start(app)
  const [source] = config.sources
  if (source === undefined) throw new Error('There is no source.')
  await reload(app, {
    ...config,
    sources: [{ ...source, description: 'People.', limits: { ...source.limits, rows: 300 } }],
    tools: [{ ...slowly('salary'), description: 'Tells it.' }],
  })
  expect(await ended(app, id)).toMatchObject({ rows: [[4711, 4_000_000]] })
})

test('whoever has its tool no longer, or came in by a group without it, finds no job of it', async () => {
  const { app } = open()
  const id = await start(app)
  await ended(app, id)
  const less = narrow(ana, { tools: ['get_job_status', 'cancel_job'], sources: 'all' })
  for (const tool of ['get_job_status', 'cancel_job'])
    expect(await callTool(app, [tool, { job_id: id }], less)).toMatchObject({
      code: 'job_not_found',
    })
  const enough = narrow(ana, { tools: ['get_job_status', 'tell_slowly'], sources: 'all' })
  expect(await told(app, id, enough)).toMatchObject({ rows: [[4711, 4_000_000]] })
})
