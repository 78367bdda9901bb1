import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../dist/app/app.js'
import type { Actor } from '../../dist/base/actor.js'
import { defaultConfig, type SourceConfig } from '../../dist/config/config.js'
import { createToolsets } from '../../dist/server/toolsets.js'
import type { Answer } from '../../dist/tools/tool.js'
import { noSignal, sourceConfig } from '../support/open.ts'
import { hasPostgres, makePostgres, makeRole } from '../support/postgres.ts'

const rowsByTenant = `
  CREATE TABLE orders (tenant text, id int);
  INSERT INTO orders VALUES ('a', 1), ('b', 2), ('b', 3);
  ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON orders USING (tenant = current_setting('app.tenant'));
  GRANT SELECT ON orders TO `

async function open(url: string, change: Partial<SourceConfig>) {
  const source = { ...sourceConfig(''), ...change, url }
  const app = createApp({ ...defaultConfig, sources: [source] })
  onTestFinished(() => app.close())
  await app.unreachable(noSignal)
  const toolsetOf = createToolsets(app)
  return async (query: string, actor: Actor = app.localActor): Promise<Answer> => {
    const tool = toolsetOf(actor).tools.get('query_database')
    if (tool === undefined) throw new Error('There is no query_database.')
    const context = { signal: noSignal, actor }
    const origin = { transport: 'http' } as const
    return (await app.callTool({ tool, arguments: { query }, context, origin })).answer
  }
}

const of = (id: string, tenant?: string): Actor => ({
  id,
  claims: tenant === undefined ? {} : { tenant },
  tools: 'all',
  sources: 'all',
})

describe.skipIf(!hasPostgres)('over PostgreSQL', () => {
  test('shared answers are those of callers whom the database cannot tell apart', async () => {
    const role = await makeRole()
    const database = await makePostgres(`${rowsByTenant} ${role}`)
    const ask = await open(database.url(role), {
      identity: { 'app.tenant': 'tenant' },
      cache: { schemaMs: undefined, resultsMs: 60_000, isShared: true },
    })
    const count = 'SELECT count(*) FROM orders'
    expect(await ask(count, of('ana', 'a'))).toMatchObject({ rows: [[1]] })
    expect(await ask(count, of('ben', 'b'))).toMatchObject({ rows: [[2]] })
    await database.run("INSERT INTO orders VALUES ('a', 4), ('b', 5)")
    expect(await ask(count, of('cleo', 'a'))).toMatchObject({ rows: [[1]], cached: {} })
    expect(await ask(count, of('dan', 'b'))).toMatchObject({ rows: [[2]], cached: {} })
    // Of whom nothing is known nothing is answered, whatever is kept.
    await expect(ask(count, of('eve'))).rejects.toMatchObject({ code: 'not_allowed' })
  })

  test('a schema that is due answers at once, and what changed in it is noticed all the same', async () => {
    const database = await makePostgres(`
      CREATE TABLE open (a int); INSERT INTO open VALUES (1);
      CREATE TABLE closed (secret int); INSERT INTO closed VALUES (42);
      CREATE VIEW v AS SELECT a FROM open`)
    const ask = await open(database.url(), {
      tables: ['open'],
      cache: { schemaMs: 1000, resultsMs: 0, isShared: false },
    })
    expect(await ask('SELECT a FROM open')).toMatchObject({ rows: [[1]] })
    await pause(1100)
    // The name now stands for what the config closes.
    await database.run(
      'ALTER TABLE open RENAME TO was; CREATE VIEW open AS SELECT secret AS a FROM closed',
    )
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask('SELECT a FROM open').catch((error: Error) => error)),
    )
    // A view that is listed may read what is not; what it was judged by is never an older one.
    const fresh = await ask('SELECT a FROM open')
    for (const answer of answers) expect(answer).toEqual(fresh)
    await expect(ask('SELECT secret FROM closed')).rejects.toMatchObject({ code: 'not_open' })
  })
})
