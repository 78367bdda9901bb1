import { chmodSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { makeDatabase } from '../support/scratch.ts'

const shop = `
  CREATE TABLE orders(id INTEGER PRIMARY KEY, status TEXT, email TEXT);
  INSERT INTO orders VALUES (1, 'paid', 'a@x.example'), (2, 'new', 'b@x.example'), (3, 'new', NULL);`

function makeConfig(change: string): string {
  const path = makeDatabase(shop)
  const config = join(dirname(path), 'vitrine.yaml')
  writeFileSync(config, `sources:\n  shop:\n    url: sqlite:./test.db\n${change}`)
  return config
}

describe('vitrine query', () => {
  test('prints a table to people and the whole answer to programs', async () => {
    const path = makeDatabase(shop)
    const statement = 'SELECT status, count(*) AS n FROM orders GROUP BY 1'
    const table = await vitrine(['query', path, statement])
    expect(table).toEqual({
      code: 0,
      stdout: 'status  n\n─────────\nnew     2\npaid    1\n',
      stderr: '2 rows\n',
    })
    const json = await runHere(['query', path, statement, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      columns: ['status', 'n'],
      rows: [
        ['new', 2],
        ['paid', 1],
      ],
    })
  })

  test('says what it left out', async () => {
    const { stdout, stderr } = await runHere([
      'query',
      makeDatabase(shop),
      'SELECT id FROM orders',
      '--limit',
      '2',
    ])
    expect(stdout).not.toMatch(/3/)
    expect(stderr).toMatch(/Only the first 2 rows/)
  })

  test('a question that fails is code 1, with what, why and what to do', async () => {
    const path = makeDatabase(shop)
    const refused = await runHere(['query', path, 'DELETE FROM orders'])
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toMatch(/^statement_refused: DELETE is not .*\n {2}Ask with one SELECT/)
    const json = await runHere(['query', path, 'SELECT x FROM orders', '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'unknown_column' } })
  })

  test.each([
    [['query', '/nowhere/x.db', 'SELECT 1'], 1, /There is no folder \/nowhere\./],
    [['query', 'x', 'SELECT 1'], 2, /neither a URL nor the path/],
    [['query', 'oracle://me:secret@host/db', 'SELECT 1'], 2, /no driver for oracle/],
    [['query', 'x.db', 'SELECT 1', '--limit', '9999'], 1, /no file/],
  ])('%j is code %i', async (args, code, message) => {
    const ran = await runHere(args)
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
    expect(ran.stderr).not.toMatch(/secret/)
  })

  test.each([
    [['quer'], 2, /Did you mean query\?/],
    [['query', 'x.db'], 2, /missing required argument 'statement'/],
    [['serve', 'vitrin.yaml'], 2, /vitrin\.yaml/],
  ])('%j is code %i, in a shell', async (args, code, message) => {
    const ran = await vitrine(args)
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
    expect(ran.stderr).not.toMatch(/secret/)
  })
})

test('vitrine schema prints what a model is told', async () => {
  const path = makeDatabase(shop)
  expect((await runHere(['schema', path])).stdout).toBe(
    'orders(id integer pk, status text, email text) ~3 rows\n',
  )
  expect((await runHere(['schema', path, 'orders'])).stdout).toMatch(
    /^orders: table, about 3 rows\n {2}id integer pk\n/,
  )
  expect((await runHere(['schema', path, '--search', 'mail'])).stdout).toBe('orders.email text\n')
})

test('vitrine doctor says what is well, what is not, and what the tools cost', async () => {
  const path = makeDatabase(shop)
  const well = await runHere(['doctor', path])
  expect(well.code).toBe(0)
  expect(well.stdout).toMatch(/✓ SQLite 3\.\d+\.\d+, UTF-8/)
  expect(well.stdout).toMatch(/This user may (read|write) the file/)
  expect(well.stdout).toMatch(
    /query_database, get_schema, get_job_status, cancel_job, refresh_cache: about \d+ tokens/,
  )
  const missing = await runHere(['doctor', join(dirname(path), 'tset.db'), '--json'])
  expect(missing.code).toBe(1)
  expect(missing.stdout).toMatch(/Did you mean \\"test\.db\\"\?/)
})

test('names and values that hold control characters reach the terminal as text', async () => {
  const path = makeDatabase(
    'CREATE TABLE "evil\x1b[2Jname"("col\x1b]0;x\x07" TEXT); INSERT INTO "evil\x1b[2Jname" VALUES (\'\x1b[31mred\')',
  )
  const printed = await Promise.all([
    runHere(['schema', path]),
    runHere(['schema', path, '--search', 'evil']),
    runHere(['query', path, 'SELECT * FROM "evil\x1b[2Jname"']),
    runHere(['query', path, 'SELECT * FROM nope']),
    runHere(['doctor', path]),
  ])
  for (const { stdout, stderr } of printed)
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(printed[0]?.stdout).toMatch(/evil\\x1b\[2Jname/)
})

describe('vitrine check', () => {
  test('compares the config with the database, and points at the line', async () => {
    const config = makeConfig('    tables: [orders, order]\n    columns: { orders.emial: mask }\n')
    const { code, stdout } = await runHere(['check', config])
    expect(code).toBe(2)
    expect(stdout).toMatch(/vitrine\.yaml:4:22 .*There is no table order\. Did you mean "orders"\?/)
    expect(stdout).toMatch(
      /vitrine\.yaml:5:16 .*orders has no column emial\. Did you mean "email"\?/,
    )
  })

  test('is content with what is right', async () => {
    const { code, stdout } = await runHere([
      'check',
      makeConfig('    columns: { orders.email: mask }\n'),
    ])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/1 of 1 tables open/),
    })
  })
})

test('a config masks through the command line too', async () => {
  const config = makeConfig('    columns: { orders.email: mask }\n')
  const { stdout, stderr } = await runHere([
    'query',
    config,
    'SELECT id, email FROM orders WHERE id = 1',
  ])
  expect(stdout).toMatch(/1 {2}null/)
  expect(stderr).toMatch(/Masked: orders\.email/)
})

/** As root every folder can be written: then the command runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {}
/** Not where the checkout itself is closed to others. */
const mayRun = (await vitrine(['--version'], nobody)).code === 0

describe.runIf(mayRun)('in a folder that this user may not write', () => {
  const logMode = 'PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1)'

  test('a database in WAL mode is read', async () => {
    const path = makeDatabase(logMode)
    chmodSync(dirname(path), 0o555)
    onTestFinished(() => chmodSync(dirname(path), 0o755))
    const { stdout, stderr } = await vitrine(['query', path, 'SELECT a FROM t', '--json'], nobody)
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/"rows":\[\[1\]\]/),
      stderr: '',
    })
  })

  test('rows in a log that cannot be read are an error that says so, never a stale answer', async () => {
    const path = makeDatabase(logMode)
    writeFileSync(`${path}-wal`, Buffer.alloc(4096, 1))
    chmodSync(dirname(path), 0o555)
    onTestFinished(() => chmodSync(dirname(path), 0o755))
    const { code, stderr } = await vitrine(['query', path, 'SELECT a FROM t'], nobody)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/write-ahead log/) })
  })
})
