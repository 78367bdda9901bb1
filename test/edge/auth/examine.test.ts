import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineAuth } from '../../../dist/edge/auth/examine.js'
import { hashOf } from '../../../dist/edge/auth/token.js'
import { vitrine } from '../../support/command.ts'
import { trusting } from '../../support/door.ts'
import { Issuer } from '../../support/issuer.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'

const day = (offset: number): string =>
  new Date(Date.now() + offset * 24 * 60 * 60 * 1000).toISOString()

test('tokens that end soon, and a file that others read, are told of', async () => {
  const path = join(scratchFolder(), 'tokens.yaml')
  const entry = (name: string, expires: string): string =>
    `- { name: ${name}, hash: ${hashOf(name)}, tools: all, sources: all, created: "${day(-30)}", expires: "${expires}" }\n`
  writeFileSync(path, entry('ana', day(3)) + entry('bob', day(60)) + entry('eve', day(-1)))
  chmodSync(path, 0o644)
  expect(await examineAuth({ tokens: path })).toEqual([
    { level: 'ok', message: 'Static tokens that are valid: 2.' },
    expect.objectContaining({ level: 'warning', remedy: `chmod 600 ${path}` }),
    expect.objectContaining({ level: 'warning', message: expect.stringMatching(/: ana\.$/) }),
  ])
})

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)(
  'a file of another owner is read by its group, and by nobody else',
  async () => {
    const path = join(scratchFolder(), 'tokens.yaml')
    const entry = `- { name: ana, hash: ${hashOf('ana')}, tools: all, sources: all`
    writeFileSync(path, `${entry}, created: "${day(-30)}", expires: "${day(60)}" }\n`)
    chownSync(path, 65_534, 0)
    const levels = async (mode: number): Promise<readonly string[]> => {
      chmodSync(path, mode)
      return (await examineAuth({ tokens: path })).map(({ level }) => level)
    }
    expect(await levels(0o440)).toEqual(['ok'])
    expect(await levels(0o444)).toEqual(['ok', 'warning'])
  },
)

test('a provider that does not answer is a problem', async () => {
  const issuer = await Issuer.start()
  expect(await examineAuth(trusting(issuer))).toMatchObject([
    { level: 'ok', message: `The provider ${issuer.url} shows its keys: 1.` },
  ])
  issuer.stop()
  expect(await examineAuth(trusting(issuer))).toMatchObject([
    { level: 'problem', message: expect.stringMatching(/cannot be asked \(fetch failed: /) },
  ])
})

test('doctor examines who may come in', async () => {
  const folder = scratchFolder()
  makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  writeFileSync(
    join(folder, 'vitrine.yaml'),
    `sources: { shop: { url: sqlite:./shop.db } }
http: { auth: { tokens: ./tokens.yaml, proxy: { from: ["::1"], tools: all, sources: all } } }
`,
  )
  const { code, stdout } = await vitrine(['doctor'], { cwd: folder })
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /who may come in\n[^]*There is no file [^]*Give the proxy a secret/,
    ),
  })
})
