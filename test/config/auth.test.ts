import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../dist/config/config.js'
import { loadConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

/** A config with this `http` section, in a folder of its own. */
async function load(http: string, env: NodeJS.ProcessEnv = {}): Promise<Config> {
  const folder = scratchFolder()
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(path, `sources: { shop: { url: sqlite:./shop.db } }\nhttp:\n${http}`)
  return loadConfig(path, env)
}

const jwt = `  url: https://data.example/mcp
  auth:
    jwt:
      issuer: https://login.example/realms/acme
      audiences: [https://data.example/mcp]
      scopes: { data:read: { tools: all, sources: [shop] } }
`

test('what is not said of a provider is as most have it', async () => {
  expect((await load(jwt)).http.auth).toEqual({
    tokens: undefined,
    proxy: undefined,
    jwt: {
      issuer: 'https://login.example/realms/acme',
      jwks: undefined,
      audiences: ['https://data.example/mcp'],
      algorithms: expect.not.arrayContaining(['none', 'HS256']),
      clockSkewMs: 30_000,
      actorClaim: 'sub',
      scopeClaims: ['scope', 'scp'],
      scopes: { 'data:read': { tools: 'all', sources: ['shop'] } },
    },
  })
})

test('the file of tokens is beside the config, and the secret of a proxy comes from outside', async () => {
  const { http } = await load(
    `  auth:
    tokens: ./tokens.yaml
    proxy: { from: [10.0.0.0/8, "::1"], tools: [get_schema], sources: all, secret: "\${SECRET}" }
`,
    { SECRET: 'sixteen characters' },
  )
  expect(http.auth).toMatchObject({
    tokens: expect.stringMatching(/^\/.*\/tokens\.yaml$/),
    proxy: {
      actorHeader: 'X-Vitrine-Actor',
      secretHeader: 'X-Vitrine-Secret',
      secret: 'sixteen characters',
      grant: { tools: ['get_schema'], sources: 'all' },
    },
  })
})

const proxy = (rest: string): string => `  auth: { proxy: { tools: all, sources: all, ${rest} } }\n`

describe('what would open more than was meant, or nothing, is a mistake', () => {
  test.each([
    ['  auth: {}\n', /tokens, jwt or proxy/],
    [jwt.replace(/ {2}url.*\n/, ''), /http\.url.*missing\. Expected the URL of \/mcp/],
    [jwt.replace('https://login', 'http://login'), /https except on this machine/],
    [jwt.replace('realms/acme', 'realms/acme?x=1'), /the URL of an issuer/],
    [jwt.replace(/audiences: .*/, 'audiences: []'), /at least one audience/],
    [jwt.replace(/ {6}audiences: .*\n/, ''), /audiences.*missing/],
    [jwt.replace(/scopes: .*/, 'scopes: {}'), /at least one scope/],
    [jwt.replace('data:read', 'offline_access'), /no scope that opens/],
    [jwt.replace('tools: all, ', ''), /tools.*missing/],
    [jwt.replace('[shop]', '[shp]'), /the name of a source\. Did you mean "shop"/],
    [`${jwt}      algorithms: [none]\n`, /expected "RS256" or/],
    [`${jwt}      algorithms: [HS256]\n`, /expected "RS256" or/],
    [`${jwt}      clock_skew: 10000\n`, /0s to 300s/],
    [proxy('from: []'), /at least one address/],
    [proxy('from: [0.0.0.0/0]'), /an address, or a range/],
    [proxy('from: [10.0.0.0/33]'), /an address, or a range/],
    [proxy('from: [proxy.example]'), /an address, or a range/],
    [proxy('from: ["::1"], secret: short'), /at least 16 characters/],
    ['  auth: { proxy: { from: ["::1"], tools: all } }\n', /sources.*missing/],
    ['  auth: { proxy: { from: ["::1"], tools: all, sources: [shp] } }\n', /Did you mean "shop"/],
  ])('%#', async (http, said) => {
    await expect(load(http)).rejects.toThrow(said)
  })
})
