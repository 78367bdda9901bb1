import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { toAgentOptions } from '../../dist/cli/agent-options.js'
import { check } from '../../dist/cli/check.js'
import { createTerminal } from '../../dist/cli/terminal.js'
import { missingFile } from '../../dist/sources/missing-file.js'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { mainPath } from '../support/serve.ts'

const makeShop = (): string => makeDatabase('CREATE TABLE orders(id, note)')

describe('with --json a mistake in the arguments is JSON too', () => {
  test.each([
    [['query', '--json'], /Missing required argument 'target'\./],
    [['query', 'x.db', 'SELECT 1', '--bogus', '--json'], /Unknown option '--bogus'\./],
    [['quer', '--json'], /Unknown command 'quer'\./],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await vitrine(args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'invalid_input',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/--help/),
        retryable: false,
      },
    })
  })
})

test('with --json a person is told the path as well', async () => {
  const path = makeShop().replace('test.db', 'tset.db')
  const { stdout } = await runHere(['query', path, 'SELECT 1', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'source_unavailable', detail: expect.stringMatching(/Did you mean "test\.db"/) },
  })
})

test('a database is never taken for the notes or the config beside it', () => {
  const folder = scratchFolder()
  for (const name of ['shop.md', 'shop.yaml']) writeFileSync(join(folder, name), '')
  expect(missingFile(join(folder, 'shop.db'))).toMatch(/Nothing was created\.$/)
  writeFileSync(join(folder, 'shop2.db'), '')
  expect(missingFile(join(folder, 'shop.db'))).toMatch(/Did you mean "shop2\.db"\?$/)
})

test('whoever checks a config that is not there is told what to name instead', async () => {
  await expect(check('vitrine.yaml', {}, createTerminal())).rejects.toMatchObject({
    code: 'config_invalid',
    hint: expect.stringMatching(/Name a database instead/),
  })
})

test('a script that is not there, or is no JSON, is told as what it is', async () => {
  const script = join(scratchFolder(), 'script.json')
  const said = () => toAgentOptions({ server: [], script }).catch((error: Error) => error.message)
  expect(await said()).toBe(`There is no file ${script}.`)
  writeFileSync(script, '[}')
  expect(await said()).toMatch(/script\.json is no JSON: Unexpected token/)
})

test.each(['-- all of them\nSELECT count(*) AS n FROM orders', '--all\nSELECT 0 AS n'])(
  'a statement may begin with a comment: %j',
  async (statement) => {
    const { code, stdout } = await runHere(['query', makeShop(), statement, '--json'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/"rows":\[\[0\]\]/) })
  },
)

test('what was turned round, or meant for another command, is told so', async () => {
  const shop = makeShop()
  expect(await runHere(['query', 'SELECT 1', shop])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/should be a database[^]*vitrine query <database> "SELECT 1"/),
  })
  expect(await runHere(['check', shop])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is no config[^]*vitrine doctor/),
  })
  expect(await runHere(['schema', shop, 'orders', '--search', 'note'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/two questions/),
  })
})

test('a database may be called as a config is', async () => {
  const path = join(scratchFolder(), 'data.json')
  copyFileSync(makeShop(), path)
  const { stdout } = await runHere(['query', path, 'SELECT count(*) AS n FROM orders', '--json'])
  expect(stdout).toMatch(/"rows":\[\[0\]\]/)
})

test('check points at the value of a URL that leads nowhere', async () => {
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(config, 'sources: { shop: { url: sqlite:./none.db } }')
  const { code, stdout } = await runHere(['check', config])
  expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringMatching(/yaml:1:25 /) })
})

test('an answer that cannot be written is a failure', async (context) => {
  if (!existsSync('/dev/full')) context.skip()
  const command = `"${process.execPath}" "${mainPath}" query "${makeShop()}" "SELECT 1" > /dev/full`
  const ran = await promisify(execFile)('sh', ['-c', command]).catch((error: unknown) => error)
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be written/) })
})

test('the demo says where else its shop can go when it has no temporary folder', async () => {
  const env = { ...process.env, TMPDIR: join(scratchFolder(), 'none') }
  expect(await vitrine(['demo'], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^invalid_input: [^]*--keep \.\/shop\.db\n$/),
  })
})

test('a database without tables says so', async () => {
  const path = join(scratchFolder(), 'empty.db')
  writeFileSync(path, '')
  expect((await runHere(['doctor', path])).stdout).toMatch(/! The database has no tables\./)
  expect((await runHere(['schema', path])).stdout).toBe('There are no tables.\n')
  expect((await runHere(['schema', path, '--search', 'x'])).stdout).toMatch(/^No name of a table/)
})

const colored = (text: string): boolean => text.includes('\u001b[')

describe('what is printed', () => {
  const wide = `SELECT '${'word '.repeat(60)}end' AS text`

  test('is whole in a pipe, and fits the columns that a person set', async () => {
    const shop = makeShop()
    expect((await vitrine(['query', shop, wide])).stdout).toMatch(/word end\n$/)
    const env = { ...process.env, COLUMNS: '40' }
    const narrow = await Promise.all([
      vitrine(['query', shop, wide], { env }),
      vitrine(['schema', shop], { env }),
    ])
    for (const { stdout } of narrow)
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(40)
  })

  test('has colours where FORCE_COLOR says so, and none where it says 0', async () => {
    const shop = makeShop()
    const of = (FORCE_COLOR: string) =>
      vitrine(['query', shop, 'SELECT null'], { env: { ...process.env, FORCE_COLOR } })
    const [on, off] = [await of('1'), await of('0')]
    expect([colored(on.stdout), colored(on.stderr)]).toEqual([true, true])
    expect([colored(off.stdout), colored(off.stderr)]).toEqual([false, false])
  })
})

test('one source of a config is asked though another is gone', async () => {
  const shop = makeShop()
  const config = join(dirname(shop), 'vitrine.yaml')
  writeFileSync(
    config,
    'sources: { shop: { url: sqlite:./test.db }, gone: { url: sqlite:./no.db } }',
  )
  const ask = (source: string) => runHere(['query', config, 'SELECT 1', '--source', source])
  expect((await ask('shop')).code).toBe(0)
  expect((await ask('gone')).stderr).toMatch(/no\.db/)
  expect((await ask('shp')).stderr).toMatch(/Did you mean "shop"/)
})
