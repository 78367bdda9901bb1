import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashOf } from '../../dist/edge/auth/token.js'
import { vitrine } from '../support/command.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

/** A folder with a config that names a file of tokens. */
function makeConfig(auth = '{ tokens: ./tokens.yaml }'): string {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  writeFileSync(
    join(folder, 'vitrine.yaml'),
    `sources: { shop: { url: sqlite:./shop.db } }\nhttp: { auth: ${auth} }\n`,
  )
  return folder
}

const create = (cwd: string, ...args: readonly string[]) =>
  vitrine(['token', 'create', '--name', 'ana', ...args], { cwd })

const everything = ['--tools', 'all', '--sources', 'all']

test('a token is printed once, alone on stdout, and the file keeps its hash', async () => {
  const cwd = makeConfig()
  const { code, stdout, stderr } = await create(cwd, '--tools', 'get_schema', '--sources', 'shop')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^vitrine_[\w-]{43}\n$/)
  expect(stderr).toMatch(/shown once[^]*lets ana use the tool get_schema on the source shop until/)
  const file = readFileSync(join(cwd, 'tokens.yaml'), 'utf8')
  expect(file).toContain(hashOf(stdout.trim()))
  expect(file).not.toContain(stdout.trim())
})

test('it is listed without its hash, and taken back by its name', async () => {
  const cwd = makeConfig()
  await create(cwd, ...everything, '--claim', 'tenant=acme', '--expires', '3d')
  const { stdout } = await vitrine(['token', 'list', '--json'], { cwd })
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
  expect((await vitrine(['token', 'list'], { cwd })).stdout).toMatch(/^ana +all +all .*ends soon$/m)
  expect(await vitrine(['token', 'revoke', 'anna'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Did you mean "ana"/),
  })
  expect((await vitrine(['token', 'revoke', 'ana'], { cwd })).code).toBe(0)
  expect((await vitrine(['token', 'list'], { cwd })).stderr).toMatch(/no tokens/)
})

test.each<[readonly string[], RegExp]>([
  [[], /--tools <names>/],
  [['--tools', 'all'], /--sources <names>/],
  [['--tools', 'get_shema', '--sources', 'all'], /no tool get_shema[^]*"get_schema"/],
  [['--tools', 'all', '--sources', 'shp'], /no source shp[^]*"shop"/],
  [['--tools', 'all,', '--sources', 'all'], /--tools is wrong/],
  [[...everything, '--expires', '2y'], /at most a year/],
  [[...everything, '--expires', '0d'], /at most a year/],
  [[...everything, '--expires', 'never'], /at most a year/],
  [[...everything, '--claim', 'tenant'], /tenant=acme/],
  [[...everything, '--name', 'a b'], /--name is wrong/],
])('what opens nothing, or too much, makes no token: %j', async (args, said) => {
  const cwd = makeConfig()
  const { code, stdout, stderr } = await create(cwd, ...args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(said)
})

test('a second token of one name is refused, and the first one stays', async () => {
  const cwd = makeConfig()
  await create(cwd, ...everything)
  const before = readFileSync(join(cwd, 'tokens.yaml'), 'utf8')
  expect(await create(cwd, ...everything)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/named ana already[^]*vitrine token revoke ana/),
  })
  expect(readFileSync(join(cwd, 'tokens.yaml'), 'utf8')).toBe(before)
})

test('comments that a person wrote stay', async () => {
  const cwd = makeConfig()
  await create(cwd, ...everything)
  const path = join(cwd, 'tokens.yaml')
  writeFileSync(path, `${readFileSync(path, 'utf8')}  # She asked on Monday.\n`)
  await vitrine(['token', 'create', '--name', 'bob', ...everything], { cwd })
  expect(readFileSync(path, 'utf8')).toMatch(/# She asked on Monday\./)
})

test('a lock that was left behind is named', async () => {
  const cwd = makeConfig()
  writeFileSync(join(cwd, 'tokens.yaml.lock'), '')
  expect(await create(cwd, ...everything)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/tokens\.yaml\.lock[^]*remove that file/),
  })
})

test('where no file of tokens is named, it says what to write', async () => {
  const cwd = makeConfig('{ proxy: { from: ["::1"], tools: all, sources: all } }')
  expect((await create(cwd, ...everything)).stderr).toMatch(/tokens: \.\/tokens\.yaml/)
  expect((await create(scratchFolder(), ...everything)).stderr).toMatch(/no config[^]*--file/)
})
