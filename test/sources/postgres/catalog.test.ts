import { describe, expect, test } from 'vitest'
import type { Catalog, Table } from '../../../dist/sources/catalog.js'
import type { PostgresFacts } from '../../../dist/sources/postgres/facts.js'
import { noSignal } from '../../support/open.ts'
import {
  ask,
  hasPostgres,
  makePostgres,
  makeRole,
  openPostgres,
  type TestDatabase,
} from '../../support/postgres.ts'

const readFrom = (database: TestDatabase, user?: string): Promise<Catalog> =>
  openPostgres(database.url(user)).catalog(noSignal)

const factsOf = ({ facts }: Catalog): PostgresFacts => facts as PostgresFacts

const tableOf = ({ tables }: Catalog, name: string): Table => {
  const found = tables.find((table) => table.name === name)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found
}

describe.runIf(hasPostgres)('the catalog of PostgreSQL', () => {
  test('tells tables, columns, keys and comments in the words people write', async () => {
    const database = await makePostgres(`
      CREATE TYPE mood AS ENUM ('sad', 'so-so', 'happy');
      CREATE DOMAIN feeling AS mood;
      CREATE TABLE customers(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(80) NOT NULL,
        "Shoe Size" numeric(4,1), moods mood[], mood mood, feeling feeling, at timestamptz(3),
        twice int GENERATED ALWAYS AS (2) STORED);
      COMMENT ON TABLE customers IS 'Who buys';
      COMMENT ON COLUMN customers.email IS 'Where to write';
      CREATE TABLE lines(order_id int, line int, customer bigint REFERENCES customers,
        PRIMARY KEY (line, order_id), note character(3));
      CREATE UNIQUE INDEX ON lines(note, lower(note)) INCLUDE (customer);
      CREATE UNIQUE INDEX ON lines(customer) WHERE customer > 0;
      ALTER TABLE lines DROP COLUMN order_id CASCADE, ADD COLUMN order_id int,
        ADD PRIMARY KEY (line, order_id)`)
    const catalog = await readFrom(database)
    expect(catalog.engine).toMatch(/^PostgreSQL \d+/)
    expect(tableOf(catalog, 'customers')).toMatchObject({
      kind: 'table',
      comment: 'Who buys',
      estimatedRows: null,
      definition: null,
      columns: [
        { name: 'id', type: 'bigint', nullable: false, keyPosition: 1, generated: false },
        { name: 'email', type: 'varchar(80)', nullable: false, comment: 'Where to write' },
        { name: 'Shoe Size', type: 'numeric(4,1)', nullable: true, keyPosition: 0 },
        { name: 'moods', type: 'mood[]' },
        { name: 'mood', type: 'mood', values: ['sad', 'so-so', 'happy'] },
        { name: 'feeling', type: 'feeling', values: ['sad', 'so-so', 'happy'] },
        { name: 'at', type: 'timestamptz(3)' },
        { name: 'twice', type: 'integer', generated: true },
      ],
    })
    const lines = tableOf(catalog, 'lines')
    expect(lines.columns.map(({ name, type, keyPosition }) => [name, type, keyPosition])).toEqual([
      ['line', 'integer', 1],
      ['customer', 'bigint', 0],
      ['note', 'char(3)', 0],
      ['order_id', 'integer', 2],
    ])
    expect(lines.foreignKeys).toEqual([
      { columns: ['customer'], table: 'customers', references: ['id'] },
    ])
    expect(lines.indexes).toEqual([
      { columns: ['note', '(expression)'], unique: true },
      { columns: ['customer'], unique: false },
    ])
  })

  test('tells every kind of relation; parts of a table stand behind it', async () => {
    const database = await makePostgres(`
      CREATE TABLE events(id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO events SELECT i, '2026-05-01' FROM generate_series(1, 300) i;
      CREATE VIEW recent AS SELECT id FROM events;
      CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM events;
      CREATE SCHEMA sales; CREATE TABLE sales.orders(id int PRIMARY KEY);
      CREATE TABLE sales.recent(id int REFERENCES sales.orders);
      CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
      CREATE FOREIGN TABLE abroad(id int) SERVER far;
      ANALYZE events`)
    const catalog = await readFrom(database)
    expect(
      catalog.tables.map(({ name, kind, path, estimatedRows }) => [
        name,
        kind,
        path,
        estimatedRows,
      ]),
    ).toEqual([
      ['abroad', 'foreign', undefined, null],
      ['events', 'table', undefined, 300],
      ['events_2026', 'shadow', undefined, 300],
      ['recent', 'view', undefined, null],
      ['totals', 'materialized', undefined, null],
      ['sales.orders', 'table', ['sales', 'orders'], null],
      ['sales.recent', 'table', ['sales', 'recent'], null],
    ])
    expect(tableOf(catalog, 'recent').definition).toContain('FROM public.events')
    expect(tableOf(catalog, 'sales.recent').foreignKeys[0]?.table).toBe('sales.orders')
    expect(factsOf(catalog).searchPath).toEqual(['public'])
  })

  test('what the role may not read stands behind the rest', async () => {
    const role = await makeRole()
    const database = await makePostgres(
      `CREATE TABLE open(a int); CREATE TABLE half(a int, b int); CREATE TABLE closed(a int);
       GRANT SELECT ON open TO ${role}; GRANT SELECT (a) ON half TO ${role}`,
    )
    const { tables } = await readFrom(database, role)
    expect(tables.map(({ name, kind }) => [name, kind])).toEqual([
      ['closed', 'shadow'],
      ['half', 'table'],
      ['open', 'table'],
    ])
  })

  test('knows the code a statement can set off', async () => {
    const database = await makePostgres(`
      CREATE EXTENSION hstore;
      CREATE TABLE people(id int, name text);
      CREATE SCHEMA other;
      CREATE TYPE other.pair AS (a int, b int);
      CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
      CREATE FUNCTION full_name(people) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
      CREATE FUNCTION other.sum(p other.pair, q int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION anything(anyelement) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE PROCEDURE act() LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION to_people(text) RETURNS other.pair LANGUAGE sql AS 'SELECT ROW(1,2)::other.pair';
      CREATE CAST (text AS other.pair) WITH FUNCTION to_people(text);
      CREATE FUNCTION plus(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1';
      CREATE OPERATOR <+> (LEFTARG = text, RIGHTARG = text, FUNCTION = plus);
      CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
      CREATE DOMAIN loud AS short CHECK (shout(VALUE) = VALUE) CHECK (VALUE <> '');
      CREATE DOMAIN free AS int;
      ALTER TABLE people ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON people USING (name = CURRENT_USER);
      CREATE POLICY writing ON people FOR UPDATE USING (shout(name) = 'X')`)
    const facts = factsOf(await readFrom(database))
    expect(facts.builtins.get('lower')).toBe('i')
    expect(facts.builtins.get('pg_sleep')).toBe('v')
    expect(facts.builtins.get('now')).toBe('s')
    expect(facts.builtins.size).toBeGreaterThan(2000)
    const own = facts.functions.filter(({ extension }) => extension === null)
    expect(own.map(({ schema, name, volatility }) => [`${schema}.${name}`, volatility])).toEqual([
      ['other.sum', 'v'],
      ['public.anything', 'v'],
      ['public.full_name', 's'],
      ['public.plus', 'v'],
      ['public.shout', 'i'],
      ['public.to_people', 'v'],
    ])
    expect(facts.functions).toContainEqual(
      expect.objectContaining({
        schema: 'public',
        name: 'akeys',
        extension: 'hstore',
        volatility: 'i',
        isConstructor: false,
      }),
    )
    const types = [...facts.types.values()]
    const oidOf = (name: string): string | undefined =>
      [...facts.types].find(([, type]) => type.name === name)?.[0]
    expect(facts.operators).toContainEqual({
      schema: 'public',
      name: '->',
      function: 'public.fetchval',
      types: [oidOf('hstore')],
    })
    expect(facts.operators.map(({ name }) => name)).toContain('<+>')
    expect(facts.casts).toContainEqual({
      to: oidOf('pair'),
      toName: 'pair',
      isImplicit: false,
      function: 'public.to_people',
      types: [],
    })
    const domain = (name: string): unknown => types.find((type) => type.name === name)
    expect(domain('free')).toMatchObject({ checks: [], writtenBase: 'integer' })
    expect(domain('short')).toMatchObject({ checks: ['(length(VALUE) < 9)'] })
    expect(domain('loud')).toMatchObject({ parts: [oidOf('short')] })
    expect([...facts.policies]).toEqual([['people', ['(name = CURRENT_USER)']]])
  })

  test('is another one when tables change, and the same one when they do not', async () => {
    const database = await makePostgres('CREATE TABLE t(a int)')
    const source = openPostgres(database.url())
    const first = await source.catalog(noSignal)
    expect(source.refresh(60_000)).toBe(false)
    expect(source.refresh(0)).toBe(true)
    expect((await source.catalog(noSignal)).version).toBe(first.version)
    await database.run('ALTER TABLE t ADD COLUMN b int')
    source.refresh(0)
    const next = await source.catalog(noSignal)
    expect(next.version).not.toBe(first.version)
    expect((await ask(source, 'SELECT b FROM t')).columns).toEqual([{ name: 'b', type: 'integer' }])
  })
})
