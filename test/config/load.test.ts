import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultConfig, defaultLimits, defaultSourceCache } from '../../dist/config/config.js'
import { configFromUrl, isConfigPath } from '../../dist/config/from-url.js'
import { loadConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

interface Written {
  readonly folder: string
  load(env?: NodeJS.ProcessEnv): ReturnType<typeof loadConfig>
}

function write(yaml: string, files: Readonly<Record<string, string>> = {}): Written {
  const folder = scratchFolder()
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(path, yaml)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return { folder, load: (env = {}) => loadConfig(path, env) }
}

const messageOf = (written: Written, env?: NodeJS.ProcessEnv): Promise<string> =>
  written.load(env).then(
    () => 'no mistake',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  )

test('a file says what it says, and the rest is default', async () => {
  const written = write(
    `name: data
sources:
  shop:
    url: sqlite:./shop.db
    description: The shop
    context: shop.md
    tables: [orders]
    columns: { orders.email: mask }
    limits: { timeout: 500ms, rows: 10, cell: 1kB, answer: 10KiB, memory: 1GiB, concurrent: 2, job_timeout: 10m, concurrent_jobs: 1 }
    cache: { schema: 5m, results: 30s, shared: true }
  archive: { url: 'sqlite:/data/archive.db' }
`,
    { 'shop.md': 'Money is in cents.\n' },
  )
  expect(await written.load({ XDG_STATE_HOME: '/state' })).toEqual({
    ...defaultConfig,
    name: 'data',
    jobs: {
      ...defaultConfig.jobs,
      store: expect.stringMatching(/^sqlite:\/state\/vitrine\/jobs-[0-9a-f]{16}\.db$/),
    },
    cache: {
      ...defaultConfig.cache,
      path: expect.stringMatching(/^\/state\/vitrine\/cache-[0-9a-f]{16}\.log$/),
    },
    sources: [
      {
        name: 'shop',
        url: `sqlite:${join(written.folder, 'shop.db')}`,
        description: 'The shop',
        context: 'Money is in cents.',
        tables: ['orders'],
        identity: {},
        columns: { 'orders.email': 'mask' },
        limits: {
          timeoutMs: 500,
          rows: 10,
          cellBytes: 1000,
          answerBytes: 10_240,
          memoryBytes: 2 ** 30,
          concurrency: 2,
          jobTimeoutMs: 600_000,
          jobConcurrency: 1,
          cost: undefined,
        },
        cache: { schemaMs: 300_000, resultsMs: 30_000, isShared: true },
      },
      {
        name: 'archive',
        url: 'sqlite:/data/archive.db',
        description: undefined,
        context: undefined,
        tables: undefined,
        identity: {},
        columns: {},
        limits: defaultLimits,
        cache: defaultSourceCache,
      },
    ],
  })
})

const withShop = (line: string): string =>
  `sources:\n  shop:\n    url: sqlite:./x.db\n    ${line}\n`

describe('a mistake is told with its line, its column and a suggestion', () => {
  test.each([
    ['', /expected|missing/i],
    ['sources: {}', /vitrine\.yaml:1:\d+ {2}sources: expected at least one source/],
    ['sorces: {}', /vitrine\.yaml:1:1 {2}sorces: unknown key\. Did you mean "sources"\?/],
    [
      withShop('tabels: [a]'),
      /vitrine\.yaml:4:5 {2}sources\.shop\.tabels: unknown key\. Did you mean "tables"\?/,
    ],
    [withShop('tables: orders'), /vitrine\.yaml:4:13 {2}sources\.shop\.tables: expected a list/],
    [withShop('tables: []'), /expected at least one table/],
    [withShop('columns: { email: mask }'), /written table\.column/],
    [
      withShop('columns: { a.b: blur }'),
      /vitrine\.yaml:4:21 .*expected "mask" or "hide"; got "blur"/,
    ],
    [withShop('limits: { timeout: 2m }'), /vitrine\.yaml:4:24 .*expected a time from 1ms to 60s/],
    [withShop('limits: { rows: 5000 }'), /expected a whole number from 1 to 500; got 5000/],
    [withShop('limits: { memory: 1MB }'), /64MB to 64GiB/],
    [withShop('limits: { time: 1s }'), /unknown key\. Did you mean "timeout"\?|unknown key/],
    [
      withShop('context: none.md'),
      /vitrine\.yaml:4:14 {2}sources\.shop\.context: there is no such file/,
    ],
    [withShop('url: sqlite:./y.db'), /vitrine\.yaml:4:5 .*already in line 3/],
    [
      'sources:\n  Shop: { url: sqlite:./x.db }',
      /vitrine\.yaml:2:3 {2}sources\.Shop: a source is named/,
    ],
    ['sources:\n  shop: { url: oracle://u:secret@h/d }', /no driver for oracle/],
    ['sources:\n  shop: { url: "" }', /expected text/],
    ['sources:\n  shop: {}', /sources\.shop\.url: missing/],
    [
      'sources:\n  shop:\n    url: ${NOT_SET}',
      /vitrine\.yaml:3:10 .*NOT_SET is not set.*\$\{NOT_SET:-/,
    ],
    ['sources:\n  shop: { url: ${NOT_SET} }', /a variable stands in quotes/],
    ['sources:\n  shop: [', /not YAML/],
    ['a: &a [*a]', /cannot stand inside itself/],
    ['__proto__: 1', /cannot be a key/],
    ['%YAML 1.1\n---\nsources: { on: { url: sqlite:./x.db } }', /^no mistake$/],
  ])('%j', async (yaml, message) => {
    expect(await messageOf(write(yaml))).toMatch(message)
  })

  test('and all of them at once, in their order', async () => {
    const message = await messageOf(
      write('nam: x\nsources:\n  shop:\n    url: oracle:x\n    tables: 1\n'),
    )
    const places = [...message.matchAll(/vitrine\.yaml:(\d+):(\d+) /g)].map(([, line]) =>
      Number(line),
    )
    expect(places).toEqual([1, 4, 5])
  })

  test('a file that is not there, or is far too large, is one too', async () => {
    await expect(loadConfig(join(scratchFolder(), 'none.yaml'), {})).rejects.toMatchObject({
      code: 'config_invalid',
    })
    expect(await messageOf(write(`# ${'x'.repeat(1_100_000)}`))).toMatch(/config_invalid/)
  })

  test('a few anchors cannot stand for gigabytes', async () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    )
    expect(await messageOf(write(`a-1: &a-1 x\n${levels.join('\n')}`))).toMatch(/config_invalid/)
  })
})

const description = async (yaml: string, env: NodeJS.ProcessEnv): Promise<string | undefined> =>
  (await write(`sources: { shop: { url: 'sqlite:./x.db', description: ${yaml} } }`).load(env))
    .sources[0]?.description

describe('variables', () => {
  test('are filled in, have defaults, and a doubled dollar is one', async () => {
    expect(await description('"${A} and ${B:-two} for $$5"', { A: 'one' })).toBe(
      'one and two for $5',
    )
    expect(await description('"${A:-x}"', { A: '' })).toBe('x')
  })

  test('stay one value whatever they hold', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .filter((value) => value.trim() !== '')
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await description('"${A}"', { A: value })).toBe(value)
      }),
      { numRuns: 100, examples: [['x }, tables: [y'], ['${B}'], ["' # \n- a: b"], ['*a &b !!c']] },
    )
  })

  test('are never shown by a message', async () => {
    const yaml = 'sources:\n  shop:\n    url: ${DSN}\n    limits: { timeout: "${T}" }\n'
    const message = await messageOf(write(yaml), { DSN: 'hunter2://me:hunter2@host', T: 'hunter2' })
    expect(message).toMatch(/config_invalid/)
    expect(message).not.toMatch(/hunter2/)
  })
})

const nameOf = (url: string): string | undefined => configFromUrl(url, '/home').sources[0]?.name

const urlOf = (url: string): string | undefined => configFromUrl(url, '/home').sources[0]?.url

test('a database by itself is a config of one source, named after its file', () => {
  expect(
    ['sqlite:./My-Shop.db', 'data/2024 orders.sqlite', 'sqlite:/x/größe.db'].map(nameOf),
  ).toEqual(['my_shop', 'orders', 'gr_e'])
  expect(['sqlite:a.db', './b.db', 'sqlite:///c.db', 'file:/d%20e.db'].map(urlOf)).toEqual([
    'sqlite:/home/a.db',
    'sqlite:/home/b.db',
    'sqlite:/c.db',
    'sqlite:/d e.db',
  ])
  expect(['vitrine.yaml', 'x.yml', 'shop.db', 'sqlite:x.yaml'].map(isConfigPath)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
