import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { Checks } from '../../../dist/sources/postgres/checks.js'
import type { PostgresFacts } from '../../../dist/sources/postgres/facts.js'
import { noSignal, openTestSource, outcome } from '../../support/open.ts'
import { hasPostgresServer, makePostgresServer } from '../../support/own-server.ts'
import { scratchFolder } from '../../support/scratch.ts'

describe.runIf(hasPostgresServer)('a server that follows another', () => {
  test('is read, and never says that nothing has changed', { timeout: 60_000 }, async () => {
    const url = await makeFollower('CREATE TABLE t(a int); INSERT INTO t VALUES (7)')
    const served = await openTestSource('', { url })
    for (let asked = 0; asked < 3; asked++)
      expect(await outcome(served, 'SELECT a FROM t')).toEqual([[7]])

    const { codeState: code } = (await served.source.catalog(noSignal)).facts as PostgresFacts
    const judgedBy = { code, relations: [], names: [] }
    const { text, values } = new Checks().of(judgedBy, { searchPath: [], identity: [] }).bound
    expect(await ask(url, text, values)).toEqual([[1, null]])
  })
})

/** As after a base backup, but of itself: it waits for what nobody sends. */
async function makeFollower(sql: string): Promise<string> {
  const folder = scratchFolder()
  const { url, start, stop } = await makePostgresServer(folder)
  start()
  await vi.waitFor(() => ask(url, sql), 20_000)
  await stop()
  writeFileSync(join(folder, 'data', 'standby.signal'), '')
  start()
  await vi.waitFor(
    async () => expect(await ask(url, 'SELECT pg_is_in_recovery()')).toEqual([[true]]),
    20_000,
  )
  return url
}

async function ask(
  url: string,
  text: string,
  values?: readonly (string | null)[],
): Promise<unknown[][]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const asked = { text, rowMode: 'array', ...(values && { values: [...values] }) } as const
    return (await client.query<unknown[]>(asked)).rows
  } finally {
    await client.end()
  }
}
