import { describe, expect, onTestFinished, test } from 'vitest'
import { callTool, engines, openTools, toolConfig } from '../../support/curated.ts'

const setup = [
  'CREATE TABLE orders (id INTEGER, note VARCHAR(20))',
  'CREATE TABLE salaries (id INTEGER, amount INTEGER)',
  "INSERT INTO orders VALUES (1, 'a')",
  'INSERT INTO salaries VALUES (1, 4711)',
]

/** Where an engine takes the name of a table, a setting, a file or a statement as a value. */
const takingNames: Readonly<Record<string, readonly string[]>> = {
  SQLite: [
    'select name from pragma_table_info(:value)',
    'select name from pragma_table_xinfo(:value)',
    'select * from pragma_foreign_key_list(:value)',
    'select sql from sqlite_schema where name = :value',
    'select load_extension(:value)',
    'select readfile(:value)',
  ],
  DuckDB: [
    'from query_table(:value)',
    "from query('from ' || :value)",
    'from pragma_table_info(:value)',
    'from pragma_storage_info(:value)',
    'from read_csv(:value)',
    'from read_text(:value)',
    'select current_setting(:value)',
    'select getenv(:value)',
    'select * from duckdb_tables() where table_name = :value',
  ],
  PostgreSQL: [
    "select pg_catalog.query_to_xml('table ' || :value, true, false, '')",
    'select pg_catalog.table_to_xml(:value::regclass, true, false, :value)',
    'select pg_catalog.pg_relation_size(:value::regclass)',
    'select pg_catalog.pg_get_viewdef(:value::regclass)',
    'select pg_catalog.current_setting(:value)',
    'select pg_catalog.set_config(:value, :value, false)',
    'select pg_catalog.pg_read_file(:value)',
    'select relname from pg_catalog.pg_class where relname = :value',
    'select column_name from information_schema.columns where table_name = :value',
  ],
  MariaDB: [
    'select load_file(:value)',
    'select column_name from information_schema.columns where table_name = :value',
    'select table_rows from information_schema.tables where table_name = :value',
    'select lastval(salaries)',
  ],
}

describe.each(engines)('on $title, where a table is closed', ({ title, make }) => {
  test('no value opens it: not as the name of a table, a file, a setting or a statement', async () => {
    const url = await make(setup, onTestFinished)
    const tools = (takingNames[title] ?? []).map((sql, index) =>
      toolConfig(sql, { name: `names_${index}`, parameters: { value: { type: 'string' } } }),
    )
    const app = await openTools(url, tools, { tables: ['orders'] })
    const secrets = /amount|4711|: .*salaries|root:/
    for (const [index, { sql }] of tools.entries()) {
      for (const value of [
        'salaries',
        'public.salaries',
        'main.salaries',
        'orders',
        '/etc/passwd',
      ]) {
        const { detail: _forThePerson, ...told } = await callTool(app, [
          `names_${index}`,
          { value },
        ])
        expect(`${sql}: ${JSON.stringify(told)}`).not.toMatch(secrets)
      }
    }
  })
})
