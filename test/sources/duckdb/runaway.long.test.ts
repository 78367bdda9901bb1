import { DuckDBInstance } from '@duckdb/node-api'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeDuckdb, openDuckdb } from '../../support/duckdb.ts'
import { outcome, run } from '../../support/open.ts'

test('a statement that runs away or hoards is ended, and the next is answered', async () => {
  const served = await openDuckdb(await makeDuckdb('CREATE TABLE t AS SELECT 1 AS a'), {
    limits: { timeoutMs: 2500, memoryBytes: 2 ** 28 },
  })
  for (const text of [
    "SELECT max(md5(repeat('x', 2000000000)))",
    "SELECT repeat('x', 4000000000)",
    'SELECT list_sort(range(300000000))',
    'SELECT i, random() AS r FROM range(500000000) t(i) ORDER BY r',
    'SELECT count(DISTINCT i::VARCHAR || random()) FROM range(1000000000) t(i)',
    "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))",
    'EXPLAIN SELECT length(repeat(repeat(chr(65), 1000000000), 2))',
  ]) {
    expect({ text, result: await outcome(served, text) }).toEqual({
      text,
      result: expect.stringMatching(
        /^(timed_out|memory_exceeded|result_too_large|query_failed|worker_lost)$/,
      ),
    })
    expect(await outcome(served, 'SELECT a FROM t')).toEqual([[1]])
  }
  await expect(
    run(served, 'SELECT count(*) FROM range(1000000) a, range(1000000) b'),
  ).rejects.toMatchObject({ code: 'timed_out', message: expect.stringMatching(/after 2.5 s/) })
}, 60_000)

test('a database that nobody asks is let go, so that its writer can open it', async () => {
  const path = await makeDuckdb('CREATE TABLE t(a INTEGER); INSERT INTO t VALUES (1)')
  const served = await openDuckdb(path)
  expect(await outcome(served, 'FROM t')).toEqual([[1]])
  const writer = await vi.waitFor(() => DuckDBInstance.create(path), {
    timeout: 20_000,
    interval: 200,
  })
  onTestFinished(() => writer.closeSync())
  const connection = await writer.connect()
  await connection.run('INSERT INTO t VALUES (2); CREATE TABLE u AS SELECT 7 AS b')
  await expect(run(served, 'FROM t')).rejects.toMatchObject({
    code: 'source_unavailable',
    retryable: true,
    message: expect.not.stringMatching(/\//),
  })
  connection.closeSync()
  writer.closeSync()
  expect(await outcome(served, 'FROM t')).toEqual([[1], [2]])
  expect(await outcome(served, 'FROM u')).toEqual([[7]])
}, 60_000)
