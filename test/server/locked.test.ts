import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeDatabase } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'

test('a database that is locked when the server starts is served once it is free', async () => {
  const path = makeDatabase('CREATE TABLE t(a); INSERT INTO t VALUES (7)')
  const writer = new DatabaseSync(path)
  onTestFinished(() => writer.close())
  writer.exec('BEGIN EXCLUSIVE')
  const server = new RawServer(path)
  await server.initialize()
  await vi.waitFor(() => expect(server.stderr).toMatch(/is not available.*in a moment/s), 12_000)
  expect(server.process.exitCode).toBeNull()
  writer.exec('COMMIT')
  expect(await server.query(1, 'SELECT a FROM t')).toMatchObject({
    result: { structuredContent: { rows: [[7]] } },
  })
}, 20_000)
