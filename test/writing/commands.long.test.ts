import { readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { mainPath } from '../support/serve.ts'
import { engines, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]
const statuses = 'SELECT DISTINCT status FROM orders'

/** A config whose text was changed. */
async function changed(...pairs: readonly (readonly [string, string])[]): Promise<string> {
  const path = writeShopConfig(await make())
  let text = readFileSync(path, 'utf8')
  for (const [before, after] of pairs) text = text.replace(before, after)
  writeFileSync(path, text)
  return path
}

test.each<[what: string, pair: [string, string], expected: RegExp]>([
  [
    'bounds without effect',
    ['    effect: write\n    affected: 2\n', '    affected: 2\n'],
    /tools\.ship_above\.affected/,
  ],
  [
    'a key that is too short',
    ['\ntools:', '\nconfirm: { key: short, store: "redis://127.0.0.1" }\ntools:'],
    /confirm\.key.*32 characters/,
  ],
  [
    'a key without a store',
    ['\ntools:', `\nconfirm: { key: ${'k'.repeat(32)} }\ntools:`],
    /confirm\.key.*goes with store/,
  ],
  [
    'a store without a key',
    ['\ntools:', '\nconfirm: { store: "redis://127.0.0.1" }\ntools:'],
    /confirm\.store.*goes with key/,
  ],
  [
    'another kind of database',
    ['writable: { url: "sqlite:', 'writable: { url: "postgres://h/x", #'],
    /writable/,
  ],
  [
    'a change whose answers would be kept',
    ['    effect: write\n', '    effect: write\n    cache: 5m\n'],
    /tools\.ship_order\.cache.*never kept/,
  ],
  [
    'an UPDATE without WHERE',
    ['= :status WHERE id = :id', '= :status || :id'],
    /\d+:\d+ {2}tools\.ship_order\.sql.*without WHERE/,
  ],
  [
    'two statements',
    ['DELETE FROM orders WHERE id = :id', 'DELETE FROM orders WHERE id = :id; SELECT 1'],
    /tools\.remove_order\.sql.*several statements/,
  ],
  [
    'a table that is not there',
    ['UPDATE orders SET status = :status', 'UPDATE order SET status = :status'],
    /tools\.ship_order\.sql/,
  ],
  [
    'a column that is not there',
    ['SET status = :status', 'SET state = :status'],
    /tools\.ship_order\.sql.*state/,
  ],
  [
    'a statement that reads',
    ['DELETE FROM orders WHERE id = :id', 'SELECT * FROM orders WHERE id = :id'],
    /tools\.remove_order\.sql.*one INSERT/,
  ],
  [
    'a parameter that nothing takes',
    [
      '    parameters: { id: { type: integer } }\n',
      '    parameters: { id: { type: integer }, x: { type: string } }\n',
    ],
    /parameters\.x/,
  ],
])('check tells of %s, and where', async (_what, pair, expected) => {
  const { code, stdout, stderr } = await runHere(['check', await changed(pair)])
  expect(code).not.toBe(0)
  expect(stdout + stderr).toMatch(expected)
})

test('a tool cannot write to a source that is not writable', async () => {
  const path = writeShopConfig(await make())
  writeFileSync(path, readFileSync(path, 'utf8').replace(/ {4}writable.*\n/, ''))
  const { code, stdout, stderr } = await runHere(['check', path])
  expect(code).not.toBe(0)
  expect(stdout + stderr).toMatch(/\d+:\d+ {2}tools\.ship_order\.effect.*shop is not writable/)
})

test('a config that is right passes the check, and doctor tells which tools write', async () => {
  const path = writeShopConfig(await make())
  expect((await runHere(['check', path])).code).toBe(0)
  const { stdout } = await runHere(['doctor', path])
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'ship_order, ship_above, add_order, remove_order may change rows, each call once a person has confirmed it',
  )
})

test('call does nothing where nobody sits at the terminal, and with --yes it does', async () => {
  const database = await make()
  const path = writeShopConfig(database)
  const args = ['call', path, 'ship_order', '--id', '1']
  const refused = await vitrine(args)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') as string })
  expect(await database.rows(statuses)).toEqual([['new']])
  const { code, stdout } = await vitrine([...args, '--yes'])
  expect({ code, answer: JSON.parse(stdout) as unknown }).toEqual({
    code: 0,
    answer: { affected_rows: 1 },
  })
  expect(await database.rows(statuses)).toEqual([['shipped'], ['new']])
})

const hasScript = spawnSync('script', ['--version']).status === 0

test.skipIf(!hasScript).each([
  ['yes', 0, 'shipped'],
  ['no', 1, 'new'],
  ['', 1, 'new'],
] as const)('at a terminal a person who types "%s" is obeyed', async (typed, expected, status) => {
  const database = await make()
  const path = writeShopConfig(database)
  const command = `${process.execPath} ${mainPath} call ${path} ship_order --id 1`
  const { status: code, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    input: `${typed}\n`,
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(stdout).toContain('UPDATE orders SET status = :status')
  expect(code).toBe(expected)
  expect(await database.rows('SELECT status FROM orders WHERE id = 1')).toEqual([[status]])
})

test('several processes do not serve what changes something, unless they share confirmations', async () => {
  const path = writeShopConfig(await make())
  const { code, stderr } = await vitrine(['serve', path, '--http', '127.0.0.1:0', '--workers', '2'])
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('confirm.store') as string,
  })
})
