import { describe, expect, test } from 'vitest'
import { grantSql } from '../../../dist/sources/postgres/grant-sql.js'
import type { Finding } from '../../../dist/sources/source.js'
import { noSignal } from '../../support/open.ts'
import {
  ask,
  asSuperuser,
  hasPostgres,
  makePostgres,
  makeRole,
  openPostgres,
  server,
} from '../../support/postgres.ts'
import { fixturePath, TlsProxy } from '../../support/tls-proxy.ts'

const examine = (url: string): Promise<readonly Finding[]> => openPostgres(url).examine(noSignal)

const told = (findings: readonly Finding[]): string =>
  findings.map(({ level, message }) => `${level}: ${message}`).join('\n')

describe.runIf(hasPostgres)('what doctor says of PostgreSQL', () => {
  test('a superuser is a problem', async () => {
    const database = await makePostgres()
    const findings = await examine(database.url())
    expect(told(findings)).toMatch(/ok: PostgreSQL \d+.*problem: The role postgres is a superuser/s)
    expect(findings.every(({ level, remedy }) => level === 'ok' || remedy !== undefined)).toBe(true)
  })

  test('a role that can do more than read is told what', async () => {
    const role = await makeRole('CREATEROLE BYPASSRLS')
    const database = await makePostgres(
      `CREATE TABLE t(a int); CREATE TABLE u(a int, b int); CREATE SCHEMA work;
       GRANT SELECT, DELETE ON t TO ${role}; GRANT UPDATE (b) ON u TO ${role};
       GRANT CREATE ON SCHEMA work TO ${role}; GRANT pg_write_server_files, pg_monitor TO ${role};
       CREATE FUNCTION deep() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
       CREATE EXTENSION dblink`,
    )
    const said = told(await examine(database.url(role)))
    for (const part of [
      'BYPASSRLS, CREATEROLE',
      "problem: .*pg_write_server_files.* the server's files",
      'member of pg_monitor',
      'may write the tables public.t, public.u',
      'may create in the schemas work',
      'may call \\d+ functions, such as .*dblink',
      'may write unless told otherwise',
    ]) {
      expect(said).toMatch(new RegExp(part))
    }
  })

  test('a role that can only read is told so; TLS is told for what it proves', async () => {
    const role = await makeRole()
    await asSuperuser(`ALTER ROLE ${role} SET default_transaction_read_only = on`)
    const database = await makePostgres(`CREATE TABLE t(a int); GRANT SELECT ON t TO ${role}`)
    const proxy = await TlsProxy.before(server)
    const through = (query: string): Promise<readonly Finding[]> =>
      examine(`postgres://${role}@localhost:${proxy.port}/${database.name}?${query}`)
    const sure = await through(`sslmode=verify-full&sslrootcert=${fixturePath('authority.crt')}`)
    expect(told(sure)).toMatch(/proved its name/)
    expect(told(sure)).toMatch(/can read and nothing else/)
    expect(sure.filter(({ level }) => level !== 'ok')).toEqual([])
  })
})

describe.runIf(hasPostgres)('the role that grant-sql makes', () => {
  test('reads what is shown and nothing else', async () => {
    const role = await makeRole()
    await asSuperuser(`DROP ROLE ${role}`)
    const odd = 'Odd "name"; x'
    const quoted = `"${odd.replaceAll('"', '""')}"`
    const database = await makePostgres(`
      CREATE TABLE customers(id int, email text, name text); INSERT INTO customers VALUES (1, 'a@b', 'Ann');
      CREATE TABLE orders(id int); CREATE TABLE secrets(id int);
      CREATE VIEW seen AS SELECT id FROM secrets;
      CREATE SCHEMA "Sales"; CREATE TABLE "Sales".${quoted}("Per Cent" int, b int); CREATE TABLE "Sales".closed(a int);
      CREATE TABLE parts(id int) PARTITION BY LIST (id); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)`)
    const catalog = await openPostgres(database.url()).catalog(noSignal)
    const shown = new Set(['customers', 'orders', 'seen', 'parts', `Sales.${odd}`])
    const open = catalog.tables.filter(({ name }) => shown.has(name))
    const hidden = (table: string, column: string): boolean =>
      (table === 'customers' && column === 'email') || (table === `Sales.${odd}` && column === 'b')
    const statements = grantSql(
      {
        role,
        whole: catalog,
        shown: {
          ...catalog,
          tables: open.map((table) => ({
            ...table,
            columns: table.columns.filter((column) => !hidden(table.name, column.name)),
          })),
        },
        timeoutMs: 4500,
      },
      database.name,
    )
    await database.run(statements.join('\n'))
    const source = openPostgres(database.url(role))
    const outcome = (text: string): Promise<unknown> =>
      ask(source, text).then(
        ({ rows }) => rows,
        ({ code }: { code: string }) => code,
      )
    for (const text of [
      'SELECT id, name FROM customers',
      'SELECT * FROM orders',
      'SELECT * FROM seen',
      'SELECT * FROM parts',
      `SELECT "Per Cent" FROM "Sales".${quoted}`,
    ]) {
      expect([text, await outcome(text)]).toEqual([text, expect.any(Array)])
    }
    for (const text of [
      'SELECT email FROM customers',
      'SELECT * FROM customers',
      'SELECT * FROM secrets',
      'SELECT * FROM "Sales".closed',
      `SELECT b FROM "Sales".${quoted}`,
      "SELECT pg_read_file('/etc/passwd')",
      'SELECT * FROM pg_authid',
    ]) {
      expect([text, await outcome(text)]).toEqual([text, 'not_open'])
    }
    const { tables } = await source.catalog(noSignal)
    expect(tables.filter(({ kind }) => kind !== 'shadow').map(({ name }) => name)).toEqual(
      catalog.tables.map(({ name }) => name).filter((name) => shown.has(name)),
    )
    expect(told(await source.examine(noSignal))).not.toMatch(/problem|warning/)
  })
})
