import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { grantSql } from '../../../dist/sources/mysql/grant-sql.js'
import {
  describeOnEach,
  connectTo,
  makeMysqlDatabase,
  openMysqlSource,
  servers,
} from '../../support/mysql.ts'
import { MysqlTlsProxy } from '../../support/mysql-tls-proxy.ts'
import { noSignal, outcome } from '../../support/open.ts'
import { fixturePath } from '../../support/tls-proxy.ts'

const setup = [
  'CREATE TABLE customers (id INT PRIMARY KEY, email VARCHAR(50))',
  "INSERT INTO customers VALUES (1, 'ada@x.example')",
  'CREATE TABLE secrets (id INT)',
  'CREATE TABLE `odd``name` (id INT)',
  'CREATE VIEW names AS SELECT id FROM customers',
]

const authority = `ssl-ca=${fixturePath('authority.crt')}`
const stranger = `ssl-ca=${fixturePath('stranger.crt')}`

describe.runIf(servers[0]?.title === 'MariaDB')('ways to a MariaDB server', () => {
  const [server = { title: '', url: '' }] = servers

  test('each TLS mode checks what it says, and a wrong certificate ends the connection', async () => {
    const { name } = await makeMysqlDatabase(server, setup)
    const proxy = await MysqlTlsProxy.before(3306)
    const reach = async (host: string, query: string): Promise<unknown> => {
      const url = `mysql://root@${host}:${proxy.port}/${name}?${query}`
      const before = proxy.encrypted
      const rows = await outcome(await openMysqlSource(url), 'SELECT id FROM customers')
      return Array.isArray(rows) ? proxy.encrypted > before : rows
    }
    const refused = 'source_unavailable'
    const expected = [
      ['127.0.0.1', 'ssl-mode=required', true],
      ['127.0.0.1', `ssl-mode=required&${stranger}`, true],
      ['127.0.0.1', `ssl-mode=verify-ca&${authority}`, true],
      ['127.0.0.1', `ssl-mode=verify-ca&${stranger}`, refused],
      ['127.0.0.1', `ssl-mode=verify-full&${authority}`, refused],
      ['localhost', `ssl-mode=verify-full&${authority}`, true],
      ['localhost', authority, true],
      ['localhost', stranger, refused],
      ['localhost', 'ssl-mode=verify-full', refused],
      ['localhost', 'ssl=true', refused],
      ['localhost', 'ssl-mode=verify-full&ssl-ca=/none', refused],
    ] as const
    const got = []
    for (const [host, query] of expected) got.push([host, query, await reach(host, query)])
    expect(got).toEqual(expected)
  })

  test('a server without TLS serves nobody who asks for it', async () => {
    const { url } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(`${url}?ssl-mode=required`)
    expect(await outcome(served, 'SELECT 1')).toBe('source_unavailable')
  })

  test('without a database every one is shown, by full names', async () => {
    const { name } = await makeMysqlDatabase(server, setup)
    const served = await openMysqlSource(server.url, {
      visibility: { columns: { [`${name}.customers.email`]: 'mask' } },
    })
    const ask = (text: string): Promise<unknown> => outcome(served, text.replaceAll('{{db}}', name))
    expect(await ask('SELECT * FROM {{db}}.customers')).toEqual([[1, null]])
    expect(await ask('SELECT customers.email FROM `{{db}}`.customers')).toEqual([[null]])
    expect(await ask('SELECT c.email FROM {{db}} . customers c')).toEqual([[null]])
    expect(await ask('SELECT * FROM {{db}}.names')).toBe('not_open')
    expect(await ask('SELECT * FROM customers')).toBe('unknown_table')
    expect(await ask('SELECT * FROM mysql.user')).toBe('not_open')
    expect(await ask('WITH x AS (SELECT 1 AS a) SELECT * FROM x')).toEqual([[1]])
  })

  test('a Unix socket goes before host and port', async (context) => {
    const admin = await connectTo(server)
    const [rows] = await admin.query('SELECT @@socket AS path')
    const path = (rows as { path: string }[])[0]?.path
    if (path === undefined || !existsSync(path)) return context.skip()
    const { name } = await makeMysqlDatabase(server, setup)
    const user = `${name.slice(0, 20)}_u`
    await admin.query(`CREATE USER ${user}@localhost IDENTIFIED BY 'p#/?@:'`)
    await admin.query(`GRANT SELECT ON ${name}.* TO ${user}@localhost`)
    try {
      const url = `mysql://${user}:p#/?@:@nowhere.invalid/${name}?socket=${path}`
      const served = await openMysqlSource(url)
      expect(await outcome(served, 'SELECT id FROM customers')).toEqual([[1]])
      expect(await served.source.examine(noSignal)).toContainEqual({
        level: 'ok',
        message: 'Connected by a Unix socket.',
      })
    } finally {
      await admin.query(`DROP USER ${user}@localhost`)
    }
  })
})

describeOnEach('the user of $title', (server) => {
  test('that doctor proposes reads what is shown and nothing else, and doctor is content', async () => {
    const { admin, name, url } = await makeMysqlDatabase(server, setup)
    const role = `${name.slice(0, 20)}_r`
    const root = await openMysqlSource(url)
    const { tables } = await root.source.catalog(noSignal)
    const shown = tables.filter((table) => table.name !== 'secrets')
    const said = await root.source.examine(noSignal)
    expect(said).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('rules this server'),
        remedy: expect.stringContaining('GRANT SELECT, SHOW VIEW ON'),
      }),
    )
    const granted = shown.map((table) => {
      const columns = table.columns.map((column) => column.name)
      return { table, columns, isPart: table.kind === 'table' }
    })
    for (const sql of grantSql(granted, { name: role, database: name })) await admin.query(sql)
    try {
      const own = url.replace('root@', `${role}:choose a password@`)
      const served = await openMysqlSource(own)
      const findings = await served.source.examine(noSignal)
      expect(findings.map(({ level }) => level)).toEqual(findings.map(() => 'ok'))
      expect(await outcome(served, 'SELECT email FROM customers')).toEqual([['ada@x.example']])
      expect(await outcome(served, 'SELECT id FROM names')).toEqual([[1]])
      expect(await outcome(served, 'SELECT * FROM `odd``name`')).toEqual([])
      expect(await outcome(served, 'SELECT * FROM secrets')).toBe('unknown_table')
      const raw = await connectTo({ ...server, url: own.replace(`/${name}`, '') }, name)
      for (const sql of [
        'SELECT * FROM secrets',
        'SELECT * FROM mysql.user',
        'INSERT INTO customers VALUES (2, "x")',
        'CREATE TABLE x (id INT)',
        "SELECT 1 INTO OUTFILE '/tmp/vitrine_test_role'",
        'SET GLOBAL max_connections = 5',
      ])
        await expect(raw.query(sql)).rejects.toMatchObject({ code: /DENIED|ACCESS/ })
    } finally {
      await admin.query(`DROP USER '${role}'@'%'`)
    }
  })

  test('is told of a view that it may not look into, and does not get it', async () => {
    const { admin, name, url } = await makeMysqlDatabase(server, setup)
    const role = `${name.slice(0, 20)}_v`
    await admin.query(`CREATE USER ${role}@'%' IDENTIFIED BY 'x'`)
    await admin.query(`GRANT SELECT, INSERT ON ${name}.* TO ${role}@'%'`)
    try {
      const served = await openMysqlSource(url.replace('root@', `${role}:x@`))
      const findings = await served.source.examine(noSignal)
      expect(findings.map(({ message }) => message).join('\n')).toMatch(
        /1 views are refused[\s\S]*can do more than read \(INSERT\)/,
      )
      expect(await outcome(served, 'SELECT * FROM names')).toBe('not_open')
    } finally {
      await admin.query(`DROP USER ${role}@'%'`)
    }
  })
})
