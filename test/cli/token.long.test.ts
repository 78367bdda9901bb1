import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { hashOf } from '../../dist/edge/auth/token.js'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

/** A config that names a file of tokens; gives its path. */
function makeConfig(auth = '{ tokens: ./tokens.yaml }'): string {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(config, `sources: { shop: { url: sqlite:./shop.db } }\nhttp: { auth: ${auth} }\n`)
  return config
}

const tokensOf = (config: string): string => join(dirname(config), 'tokens.yaml')

const create = (config: string, ...args: readonly string[]) =>
  runHere(['token', 'create', config, '--name', 'ana', ...args])

const everything = ['--tools', 'all', '--sources', 'all']

test('a token is printed once, alone on stdout, and the file keeps its hash', async () => {
  const config = makeConfig()
  const { code, stdout, stderr } = await create(
    config,
    '--tools',
    'get_schema',
    '--sources',
    'shop',
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(/^vitrine_[\w-]{43}\n$/)
  expect(stderr).toMatch(/shown once[^]*lets ana use the tool get_schema on the source shop until/)
  const file = readFileSync(tokensOf(config), 'utf8')
  expect(file).toContain(hashOf(stdout.trim()))
  expect(file).not.toContain(stdout.trim())
})

test('it is listed without its hash, and taken back by its name', async () => {
  const config = makeConfig()
  await create(config, ...everything, '--claim', 'tenant=acme', '--expires', '3d')
  const { stdout } = await runHere(['token', 'list', config, '--json'])
  expect(JSON.parse(stdout)).toEqual({
    tokens: [
      {
        name: 'ana',
        tools: 'all',
        sources: 'all',
        claims: { tenant: 'acme' },
        created: expect.any(String),
        expires: expect.any(String),
        state: 'ends soon',
      },
    ],
  })
  expect((await runHere(['token', 'list', config])).stdout).toMatch(/^ana +all +all .*ends soon$/m)
  expect(await runHere(['token', 'revoke', 'anna', config])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Did you mean "ana"/),
  })
  expect((await runHere(['token', 'revoke', 'ana', config])).code).toBe(0)
  expect((await runHere(['token', 'list', config])).stderr).toMatch(/no tokens/)
})

test.each<[readonly string[], RegExp]>([
  [['--tools', 'get_shema', '--sources', 'all'], /no tool get_shema[^]*"get_schema"/],
  [['--tools', 'all', '--sources', 'shp'], /no source shp[^]*"shop"/],
  [['--tools', 'all,', '--sources', 'all'], /--tools is wrong/],
  [[...everything, '--expires', '2y'], /at most a year/],
  [[...everything, '--expires', '0d'], /at most a year/],
  [[...everything, '--expires', 'never'], /at most a year/],
  [[...everything, '--claim', 'tenant'], /tenant=acme/],
  [[...everything, '--name', 'a b'], /--name is wrong/],
])('what opens nothing, or too much, makes no token: %j', async (args, said) => {
  const config = makeConfig()
  const { code, stdout, stderr } = await create(config, ...args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(said)
})

test.each<[readonly string[], RegExp]>([
  [[], /--tools <names>/],
  [['--tools', 'all'], /--sources <names>/],
])('nothing is open unless it is said, in a shell: %j', async (args, said) => {
  const ran = await vitrine(['token', 'create', makeConfig(), '--name', 'ana', ...args])
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) })
})

test('a second token of one name is refused, and the first one stays', async () => {
  const config = makeConfig()
  await create(config, ...everything)
  const before = readFileSync(tokensOf(config), 'utf8')
  expect(await create(config, ...everything)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/named ana already[^]*vitrine token revoke ana/),
  })
  expect(readFileSync(tokensOf(config), 'utf8')).toBe(before)
})

test('comments that a person wrote stay', async () => {
  const config = makeConfig()
  await create(config, ...everything)
  const path = tokensOf(config)
  writeFileSync(path, `${readFileSync(path, 'utf8')}  # She asked on Monday.\n`)
  await runHere(['token', 'create', config, '--name', 'bob', ...everything])
  expect(readFileSync(path, 'utf8')).toMatch(/# She asked on Monday\./)
})

test('a lock that was left behind is named', async () => {
  const config = makeConfig()
  writeFileSync(`${tokensOf(config)}.lock`, '')
  expect(await create(config, ...everything)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/tokens\.yaml\.lock[^]*remove that file/),
  })
})

test('where no file of tokens is named, it says what to write', async () => {
  const config = makeConfig('{ proxy: { from: ["::1"], tools: all, sources: all } }')
  expect((await create(config, ...everything)).stderr).toMatch(/tokens: \.\/tokens\.yaml/)
  expect((await create(join(scratchFolder(), 'vitrine.yaml'), ...everything)).stderr).toMatch(
    /no config[^]*--file/,
  )
})
