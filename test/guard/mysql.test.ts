import { existsSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostile, honest, honestOnMariadb, shopSql } from '../statements/mysql.ts'
import {
  describeOnEach,
  makeMysqlDatabase,
  openMysqlSource,
  type TestDatabase,
} from '../support/mysql.ts'
import { outcome, run } from '../support/open.ts'
import { scratchFolder } from '../support/scratch.ts'

async function stateOf({ admin, name }: TestDatabase): Promise<string> {
  const [tables] = await admin.query(
    'SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1',
    [name],
  )
  const [sums] = await admin.query(`CHECKSUM TABLE ${name}.customers, ${name}.orders, ${name}.log`)
  return JSON.stringify([tables, sums])
}

describeOnEach('the guard on $title, as root', (server) => {
  test('every hostile statement is refused and leaves no trace', async () => {
    const database = await makeMysqlDatabase(server, shopSql)
    const folder = scratchFolder()
    const before = await stateOf(database)
    const served = await openMysqlSource(database.url)
    for (const text of hostile) {
      const sql = text.replaceAll('{{folder}}', folder).replaceAll('{{db}}', database.name)
      const result = await outcome(served, sql)
      expect({ text, result }).toEqual({ text, result: expect.stringMatching(/^[a-z_]+$/) })
      expect({ text, state: await stateOf(database) }).toEqual({ text, state: before })
    }
    expect(existsSync(folder) && readdirSync(folder)).toEqual([])
    expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
  }, 30_000)

  test('every honest statement is answered', async () => {
    const database = await makeMysqlDatabase(server, shopSql)
    const served = await openMysqlSource(database.url)
    const own = server.title === 'MariaDB' ? honestOnMariadb : []
    for (const text of [...honest, ...own]) {
      const result = await outcome(served, text.replaceAll('{{db}}', database.name))
      expect({ text, result }).toEqual({ text, result: expect.any(Array) })
    }
  }, 30_000)

  test('whatever is sent, nothing changes and the next question is answered', async () => {
    const database = await makeMysqlDatabase(server, shopSql)
    const before = await stateOf(database)
    const served = await openMysqlSource(database.url, { limits: { timeoutMs: 1000 } })
    const words = [...hostile, ...honest].flatMap((text) => text.split(/(?<=\s)|(?=[;(),'"])/))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 25 }),
        async (parts) => {
          const text = parts.join(' ').replaceAll('{{db}}', database.name)
          expect(await outcome(served, text)).not.toBe('internal')
        },
      ),
      { numRuns: 300 },
    )
    expect(await stateOf(database)).toEqual(before)
    expect(await outcome(served, 'SELECT count(*) FROM orders')).toEqual([[3]])
  }, 60_000)

  test('a masked column is null by every path', async () => {
    const database = await makeMysqlDatabase(server, [
      ...shopSql,
      'ALTER TABLE customers ADD COLUMN domain VARCHAR(100) AS (substring_index(email, "@", -1)) VIRTUAL',
      'CREATE VIEW addresses AS SELECT email FROM customers',
      'CREATE VIEW behind AS SELECT * FROM addresses',
    ])
    const served = await openMysqlSource(database.url, {
      visibility: { columns: { 'customers.email': 'mask' } },
    })
    for (const text of [
      'SELECT * FROM customers',
      'SELECT * FROM {{db}}.customers',
      'SELECT * FROM customers AS c',
      'SELECT * FROM customers c, customers d',
      'SELECT domain FROM customers',
      'SELECT id, (WITH q AS (SELECT * FROM customers) SELECT email FROM q LIMIT 1) FROM orders',
      'WITH RECURSIVE x AS (SELECT email FROM customers) SELECT * FROM x',
      'WITH customers AS (SELECT * FROM {{db}}.customers) SELECT * FROM customers',
      'SELECT * FROM (customers)',
      'SELECT * FROM addresses',
      'SELECT * FROM behind',
      'TABLE customers',
      '(SELECT email FROM customers) UNION (SELECT email FROM customers)',
      'SELECT a.email FROM customers a NATURAL JOIN customers b',
      'SELECT min(email), group_concat(domain) FROM customers',
      "SELECT IF(email LIKE 'ada%', 'x.example', '') FROM customers",
      'SHOW CREATE TABLE customers',
      'SELECT * FROM information_schema.columns',
    ]) {
      const result = await outcome(served, text.replaceAll('{{db}}', database.name))
      expect({ text, leaks: JSON.stringify(result).includes('x.example') }).toEqual({
        text,
        leaks: false,
      })
    }
    const { masked, rows } = await run(served, 'SELECT * FROM customers WHERE id = 1')
    expect(masked).toEqual(['customers.email', 'customers.domain'])
    expect(rows[0]?.slice(0, 3)).toEqual([1, 'Ada', null])
  })

  test('SHOW VARIABLES keeps secrets, and shows a closed source only how the server reads', async () => {
    const { url } = await makeMysqlDatabase(server, shopSql)
    const names = async (text: string, columns: Record<string, 'mask'>): Promise<unknown[]> => {
      const served = await openMysqlSource(url, { visibility: { columns } })
      return (await run(served, text)).rows.map(([name]) => name)
    }
    const open = await names("SHOW VARIABLES LIKE 'report%'", {})
    expect(open).toContain('report_port')
    expect(open).not.toContain('report_password')
    const closed = { 'customers.email': 'mask' } as const
    expect(await names('SHOW VARIABLES', closed)).toContain('sql_mode')
    expect(await names('SHOW GLOBAL VARIABLES WHERE 1 OR 1', closed)).not.toContain('datadir')
  })

  test('a statement of the greatest length is judged at once', async () => {
    const { url } = await makeMysqlDatabase(server, shopSql)
    const { source, guard } = await openMysqlSource(url, {
      visibility: { columns: { 'customers.email': 'mask' } },
    })
    const catalog = await source.catalog(new AbortController().signal)
    for (const [start, part] of [
      ['SELECT ', 'a('],
      ['SELECT ', 'json_table('],
      ['SELECT 1 FROM customers', ',customers'],
      ['SELECT 1 ', 'FROM customers '],
      ['WITH a AS (SELECT 1)', ' CYCLE a'],
      ['SELECT ', "'a''b"],
      ['SELECT ', '/*+'],
      ['SHOW VARIABLES', ' '],
    ] as const) {
      const text = start + part.repeat((99_000 - start.length) / part.length)
      const began = performance.now()
      try {
        guard.judge(text, catalog)
      } catch {
        // Refused or not: it is about the time.
      }
      expect({ part, slow: performance.now() - began > 2000 }).toEqual({ part, slow: false })
    }
  })

  test('a table with closed columns may stand before FETCH FIRST', async (context) => {
    if (server.title !== 'MariaDB') return context.skip()
    const { url } = await makeMysqlDatabase(server, shopSql)
    const served = await openMysqlSource(url, {
      visibility: { columns: { 'customers.email': 'mask' } },
    })
    const text = 'SELECT id, email FROM customers FETCH FIRST 1 ROW ONLY'
    expect(await outcome(served, text)).toEqual([[1, null]])
  })

  test('a default that advances a sequence is not computed', async (context) => {
    if (server.title !== 'MariaDB') return context.skip()
    const database = await makeMysqlDatabase(server, [
      ...shopSql,
      'CREATE SEQUENCE s',
      'CREATE TABLE numbered (id INT DEFAULT (NEXT VALUE FOR s))',
      'INSERT INTO numbered VALUES (7)',
      'CREATE VIEW behind AS SELECT DEFAULT(id) FROM numbered',
    ])
    const served = await openMysqlSource(database.url)
    expect(await outcome(served, 'SELECT DEFAULT(id) FROM numbered')).toBe('statement_refused')
    expect(await outcome(served, 'SELECT * FROM behind')).toMatch('statement_refused')
    await expect(run(served, 'SELECT * FROM behind')).rejects.toThrow('The view behind calls')
    expect(await outcome(served, 'SELECT id FROM numbered')).toEqual([[7]])
  })
})
