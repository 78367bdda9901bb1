import { describe, expect, test } from 'vitest'
import { RowsProvider } from '../../dist/resources/rows-provider.js'
import type { RowsOptions } from '../../dist/resources/options.js'
import type { App } from '../../dist/app/app.js'
import { engines } from '../support/curated.ts'
import { noSignal, openTestApp } from '../support/open.ts'
import { makeDatabase } from '../support/scratch.ts'
import { shared } from '../support/shared.ts'

const context = { signal: noSignal }

const tables = `CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(40), email VARCHAR(40), note VARCHAR(40));
  INSERT INTO customers VALUES (1, 'Ana', 'ana@example.com', 'x'), (2, 'Bo', NULL, 'y'), (12, 'Cy', NULL, 'z');
  CREATE TABLE parts (order_id INTEGER, part VARCHAR(40), cents BIGINT, PRIMARY KEY (order_id, part));
  INSERT INTO parts VALUES (1, 'a/b', 9007199254740993), (1, 'it''s', 5), (1, '100%', 6);
  CREATE TABLE secrets (id INTEGER PRIMARY KEY); INSERT INTO secrets VALUES (1);`

const closed = {
  tables: ['customers', 'parts'],
  columns: { 'customers.email': 'mask', 'customers.note': 'hide' },
} as const

const rowsOf = (change: Partial<RowsOptions>): RowsOptions => ({
  kind: 'rows',
  name: 'customer',
  source: 'main',
  table: 'customers',
  key: ['id'],
  title: undefined,
  description: undefined,
  ...change,
})

/** The rows of a table of the app's, each under its URI. */
function rowsIn(sources: App['sources'], change: Partial<RowsOptions> = {}) {
  const provider = new RowsProvider(rowsOf(change), sources)
  return {
    read: async (path: string): Promise<unknown> => {
      const { content, rows } = await provider.read(`vitrine://main/${path}`, context)
      return { ...JSON.parse('text' in content ? content.text : ''), rows }
    },
    outcome: (path: string): Promise<unknown> =>
      provider.read(`vitrine://main/${path}`, context).then(
        () => 'given',
        (error: { code: string }) => error.code,
      ),
    complete: (value: string, argument = 'id'): Promise<readonly string[]> =>
      provider.complete({ uriTemplate: '', argument, value }, context),
  }
}

describe.each(engines)('$title', ({ make }) => {
  const share = shared(async (_key: 'app', whenDone) => {
    const url = await make(tables.split(/;\s*/).filter(Boolean), whenDone)
    return openTestApp('', { url, ...closed }, whenDone)
  })
  const open = async (change: Partial<RowsOptions> = {}) =>
    rowsIn((await share('app')).sources, change)

  test('a row is what a statement shows: masked columns are null, hidden ones not there', async () => {
    const { read, complete } = await open()
    expect(await read('customer/1')).toEqual({
      row: { id: 1, name: 'Ana', email: null },
      masked: ['customers.email'],
      rows: 1,
    })
    expect(await complete('1')).toEqual(['1', '12'])
    expect(await complete('')).toEqual(['1', '2', '12'])
    expect(await complete('x')).toEqual([])
  })

  test('a key of several columns, with signs that URIs and SQL know, is one value each', async () => {
    const { read, outcome, complete } = await open({
      name: 'line',
      table: 'parts',
      key: ['order_id', 'part'],
    })
    expect(await read("line/1/it's")).toMatchObject({ row: { cents: 5 } })
    expect(await read('line/1/100%25')).toMatchObject({ row: { cents: 6 } })
    expect(await outcome('line/1/a%2Fb')).toBe('unknown_resource')
    for (const key of ["' OR '1'='1", "x' --", "\\' OR 1=1 -- ", '%', '_', ':key0', '$1', '?'])
      expect(await outcome(`line/1/${encodeURIComponent(key)}`)).toBe('unknown_resource')
    expect(await complete('it', 'part')).toEqual(["it's"])
  })

  test('a key that the column cannot hold names no row', async () => {
    const { outcome } = await open()
    const keys = ['9', '1x', '1.0', '01', '+1', '-0', ' 1', '1e0', '0x1', 'NULL', 'true', '1;', '']
    for (const key of [...keys, '9223372036854775808', '9'.repeat(40)])
      expect([key, await outcome(`customer/${encodeURIComponent(key)}`)]).toEqual([
        key,
        'unknown_resource',
      ])
  })

  test('what is closed is no resource, whatever the config of resources says', async () => {
    for (const change of [{ table: 'secrets' }, { key: ['email'] }, { key: ['note'] }])
      expect(await (await open(change)).outcome('customer/1')).toBe('config_invalid')
  })
})

test('a key that several rows have is a mistake of the config', async () => {
  const { sources } = openTestApp(makeDatabase(tables), closed)
  const { outcome } = rowsIn(sources, { name: 'line', table: 'parts', key: ['order_id'] })
  expect(await outcome('line/1')).toBe('config_invalid')
  expect(await outcome('line/2')).toBe('unknown_resource')
})

test('rows of a view are resources too, and a column without a type takes what a value looks like', async () => {
  const { sources } = openTestApp(
    makeDatabase(
      "CREATE TABLE t(a, b); INSERT INTO t VALUES (7, 1), ('x', 2); CREATE VIEW v AS SELECT a, b FROM t",
    ),
  )
  const { read } = rowsIn(sources, { name: 'v', table: 'v', key: ['a'] })
  expect(await read('v/7')).toMatchObject({ row: { a: 7, b: 1 } })
  expect(await read('v/x')).toMatchObject({ row: { a: 'x', b: 2 } })
})
