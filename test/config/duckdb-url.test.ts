import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configFromUrl } from '../../dist/config/from-url.js'
import { scratchFolder } from '../support/scratch.ts'

test('DuckDB is told by the scheme, by the end of a name, by a folder and by a pattern', () => {
  const folder = scratchFolder()
  mkdirSync(join(folder, 'exports'))
  writeFileSync(join(folder, 'shop.db'), '')
  const read = (url: string): [string, string | undefined] => {
    const [source] = configFromUrl(url, folder).sources
    return [source?.url.replace(folder, '') ?? '', source?.name]
  }
  expect(read('duckdb:./Shop 1.duckdb')).toEqual(['duckdb:/Shop 1.duckdb', 'shop_1'])
  expect(read('./x.ddb')).toEqual(['duckdb:/x.ddb', 'x'])
  expect(read('orders.csv')).toEqual(['duckdb:/orders.csv', 'orders'])
  expect(read('./exports/')).toEqual(['duckdb:/exports', 'exports'])
  expect(read('duckdb:exports/*.csv')).toEqual(['duckdb:/exports/*.csv', 'exports'])
  expect(read('./exports/{a,b}.parquet')).toEqual(['duckdb:/exports/{a,b}.parquet', 'exports'])
  expect(read('duckdb:./a.json')).toEqual(['duckdb:/a.json', 'a'])
  expect(read('./shop.db')).toEqual(['sqlite:/shop.db', 'shop'])
  expect(() => read('duckdb:')).toThrow(/names no file/)
  expect(() => read('duckdb::memory:')).toThrow(/names no file/)
  expect(() => read('duckdb:./x.duckdb?access_mode=read_write')).toThrow(/options after/)
})
