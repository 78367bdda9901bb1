import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Checks } from '../../../dist/sources/postgres/checks.js'
import type { JudgedBy } from '../../../dist/sources/postgres/facts.js'
import { hasPostgres, server } from '../../support/postgres.ts'

const wrong: JudgedBy = {
  code: 'of another database',
  relations: [{ oid: '1259', state: 'another' }],
  names: [{ written: 'pg_class', oid: '1' }],
}
const asked = { searchPath: ['public'], identity: [] }

describe.runIf(hasPostgres)('what a judgement stands on', () => {
  test('is looked at unless the check has passed in the same snapshot', async () => {
    const client = await connect()
    // In such a transaction each statement has the same snapshot.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    for (const judgedBy of [wrong, { ...wrong, relations: [], names: [] }]) {
      const checks = new Checks()
      await client.query('SAVEPOINT before')
      await expect(run(client, checks.of(judgedBy, asked))).rejects.toThrow('division by zero')
      await client.query('ROLLBACK TO before')
      const { rows } = await client.query(
        'SELECT txid_current_snapshot() AS snapshot, pg_postmaster_start_time()::text AS since',
      )
      checks.notePassed(checks.of(judgedBy, asked), `${rows[0].snapshot} ${rows[0].since}`)
      await expect(run(client, checks.of(judgedBy, asked))).resolves.toBe(
        `${rows[0].snapshot} ${rows[0].since}`,
      )
      checks.notePassed(checks.of(judgedBy, asked), `${rows[0].snapshot} another server`)
      await expect(run(client, checks.of(judgedBy, asked))).rejects.toThrow('division by zero')
      await client.query('ROLLBACK TO before')
    }
  })

  test('is another for other tables, other names and another who asks', () => {
    const checks = new Checks()
    checks.notePassed(checks.of(wrong, asked), '1:1:')
    const passedIn = (...about: Parameters<Checks['of']>): unknown =>
      checks.of(...about).bound.values[0]
    const forAda = [{ text: 'SELECT set_config($1, $2, true)', values: ['app.user', 'ada'] }]
    expect(passedIn(wrong, asked)).toBe('1:1:')
    expect(passedIn({ ...wrong, code: 'newer' }, asked)).toBeNull()
    expect(passedIn({ ...wrong, names: [] }, asked)).toBeNull()
    expect(passedIn(wrong, { ...asked, searchPath: ['private'] })).toBeNull()
    expect(passedIn(wrong, { ...asked, identity: forAda })).toBeNull()
  })

  test('is not kept where the server cannot tell, nor of more than some hundreds', () => {
    const checks = new Checks()
    const check = checks.of(wrong, asked)
    checks.notePassed(check, '1:1:')
    checks.notePassed(check, null)
    expect(checks.of(wrong, asked).bound.values[0]).toBeNull()
    const passedIn = (code: number): unknown =>
      checks.of({ ...wrong, code: String(code) }, asked).bound.values[0]
    for (let code = 0; code < 300; code++)
      checks.notePassed(checks.of({ ...wrong, code: String(code) }, asked), '1:1:')
    expect([passedIn(0), passedIn(299)]).toEqual([null, '1:1:'])
  })
})

const run = async (client: pg.Client, { bound }: ReturnType<Checks['of']>): Promise<unknown> => {
  const { rows } = await client.query({
    text: bound.text,
    values: [...bound.values],
    rowMode: 'array',
  })
  return rows[0]?.[1]
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
