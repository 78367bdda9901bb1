import { describe, expect, onTestFinished, test } from 'vitest'
import { engines } from '../support/curated.ts'
import { noSignal, openTestSource, run } from '../support/open.ts'

/** What is asked, the code of its error, and what message or hint say about the next try. */
type Asked = readonly [statement: string, code: string, says: RegExp]

const missing: Asked = ['SELECT no_such(1)', 'unknown_function', /This is \w+: use a function/]
const named: Asked = ['SELECT :id', 'syntax_error', /:id stands for a value.*write the value there/]

const asked: Readonly<Record<string, readonly Asked[]>> = {
  SQLite: [
    missing,
    ["SELECT load_extension('x')", 'statement_refused', /Ask without it/],
    ['SELECT id FROM orders LIMIT ?', 'invalid_input', /Write the value/],
  ],
  DuckDB: [
    missing,
    named,
    ["SELECT * FROM read_csv('/etc/passwd')", 'statement_refused', /Ask without it/],
  ],
  PostgreSQL: [
    missing,
    named,
    ['SELECT id FROM orders WHERE id = ?', 'syntax_error', /\? stands for a value/],
    ['SHOW TABLES', 'query_failed', /call get_schema/],
    ['DESCRIBE orders', 'syntax_error', /call get_schema/],
    ['SELECT * FROM information_schema.tables', 'not_open', /^information_schema\.tables is not/],
  ],
  MariaDB: [
    missing,
    named,
    ["SELECT load_file('/etc/passwd')", 'statement_refused', /Ask without it/],
    ['SELECT id FROM', 'syntax_error', /The text ends before the statement does/],
    ['SELEC 1', 'syntax_error', /Send one SELECT/],
    ['SELECT id FROM orders ORDER BY 7', 'unknown_column', /a place among the columns/],
  ],
}

describe.each(engines)('what fails on $title', ({ title, make }) => {
  test('is answered with what to write instead', async () => {
    const url = await make(['CREATE TABLE orders(id INTEGER)'], onTestFinished)
    const served = await openTestSource('', { url, tables: ['orders'] })
    await served.source.catalog(noSignal)
    for (const [statement, code, says] of asked[title] ?? []) {
      const error = (await run(served, statement).catch((thrown: unknown) => thrown)) as {
        code: string
        message: string
        hint: string
      }
      expect({ statement, code: error.code }).toEqual({ statement, code })
      expect(`${error.message} ${error.hint}`).toMatch(says)
    }
  })
})
