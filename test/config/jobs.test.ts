import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configFromUrl } from '../../dist/config/from-url.js'
import { loadConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

async function storeOf(yaml: string, env: NodeJS.ProcessEnv = {}, name = 'vitrine.yaml') {
  const folder = scratchFolder()
  const path = join(folder, name)
  writeFileSync(path, `sources: { shop: { url: sqlite:./shop.db } }\n${yaml}`)
  const { jobs } = await loadConfig(path, env)
  return { ...jobs, store: jobs.store?.replace(folder, '') }
}

test('jobs are kept where the config says', async () => {
  const yaml = 'jobs: { store: sqlite:./jobs.db, keep: 10m, per_actor: 2, max_bytes: 1GB }'
  expect(await storeOf(yaml)).toEqual({
    store: 'sqlite:/jobs.db',
    keyPrefix: 'vitrine_jobs',
    keepMs: 600_000,
    perActor: 2,
    mostBytes: 1e9,
  })
})

test.each(['redis://:${WORD}@cache:6379/1', 'rediss://cache', 'postgres://jobs:${WORD}@db/jobs'])(
  'or where several machines share them: %s',
  async (url) => {
    const { store, keyPrefix } = await storeOf(`jobs: { store: '${url}', key_prefix: shop }`, {
      WORD: 'secret',
    })
    expect({ store, keyPrefix }).toEqual({
      store: url.replace('${WORD}', 'secret'),
      keyPrefix: 'shop',
    })
  },
)

test('each config has a store of its own where it names none, in the state folder of the user', async () => {
  const env = { XDG_STATE_HOME: '/state' }
  const [one, other] = [await storeOf('', env), await storeOf('', env)]
  expect(one.store).toMatch(/^sqlite:\/state\/vitrine\/jobs-[0-9a-f]{16}\.db$/)
  expect(other.store).not.toBe(one.store)
  const fallback = await storeOf('', { XDG_STATE_HOME: 'relative' })
  expect(fallback.store?.startsWith(`sqlite:${homedir()}`)).toBe(true)
})

const storesOf = (urls: readonly string[]) =>
  new Set(urls.map((url) => configFromUrl(url).jobs.store))

test('the store of a served database does not depend on its password', () => {
  const servers = ['mysql://ana:one@db:3306/shop', 'mysql://ana:two@db:3306/shop']
  expect(storesOf(servers).size).toBe(1)
  expect(storesOf([...servers, 'mysql://bob:one@db:3306/shop']).size).toBe(2)
})

test.each([
  ['jobs: { store: ftp://x }', /expected sqlite:\.\/jobs\.db, or a URL/],
  ['jobs: { store: redis:// }', /or a URL of redis/],
  ['jobs: { key_prefix: Shop-1 }', /expected up to 50 small letters/],
  ['jobs: { keep: 1s }', /expected a time from 1m to 168h/],
  ['jobs: { per_actor: 0 }', /expected a whole number from 1 to 1000/],
  ['jobs: { stor: 1 }', /Did you mean "store"/],
])('a mistake is told: %s', async (yaml, message) => {
  await expect(storeOf(yaml)).rejects.toThrow(message)
})
