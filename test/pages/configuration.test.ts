/** Configuration, as pages show it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readFacts } from '../../dist/cli/agent-facts.js'
import { readConfig } from '../../dist/config/load.js'
import { blocksIn, blocksOf, type PageBlock, root } from '../support/page.ts'
import { scratchFolder } from '../support/scratch.ts'

type Written = Readonly<Record<string, unknown>>

const configs = blocksIn('yaml').filter(({ file }) => file === undefined || file === 'vitrine.yaml')

test.each(configs)('$place is right', async (block) => {
  const written = parse(block.text) as Written
  const whole = isWhole(written) ? written : merge(baseOf(block), inPlace(written))
  const read = await readConfig(whole, { folder: folderFor(block.page), env: variables })
  expect(read.sources.length + read.apis.length).toBeGreaterThan(0)
})

/** Its sources say where they are. */
const isWhole = ({ sources }: Written): boolean =>
  isObject(sources) && Object.values(sources).every((source) => isObject(source) && 'url' in source)

const isObject = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a part is a part of: the first whole configuration of its page, else that of docs/curated-tools.md. */
function baseOf({ page }: PageBlock): Written {
  const onPage = configs.filter((block) => block.page === page)
  const written = [...onPage, ...blocksOf('docs/curated-tools.md')].map(({ text }) => parse(text))
  return (written as Written[]).find(isWhole) ?? {}
}

/** A part whose key is one of a source stands in one. */
const inPlace = (written: Written): Written =>
  'identity' in written
    ? { sources: { shop: { url: 'postgres://db.example/shop', ...written } } }
    : written

function merge(base: unknown, part: unknown): Written {
  if (!isObject(base) || !isObject(part)) return part as Written
  const keys = new Set([...Object.keys(base), ...Object.keys(part)])
  return Object.fromEntries(
    [...keys].map((key) => [key, key in part ? merge(base[key], part[key]) : base[key]]),
  )
}

/** What pages name without a default: databases, and secrets. */
const variables = new Proxy<NodeJS.ProcessEnv>(
  {},
  {
    get: (_none, name) => {
      if (String(name).endsWith('_DATABASE_URL')) return 'sqlite:./shop.db'
      return /_(?:TOKEN|KEY|SECRET|PASSWORD)$/.test(String(name)) ? 'x'.repeat(32) : undefined
    },
  },
)

/** With the files that configurations of pages name. */
function folderFor(page: string): string {
  const folder = scratchFolder()
  mkdirSync(join(folder, 'handbook/prices'), { recursive: true })
  for (const name of ['shop.md', 'terms.md']) writeFileSync(join(folder, name), 'Notes')
  for (const { file, text } of blocksOf(page))
    if (file !== undefined && file !== 'vitrine.yaml') writeFileSync(join(folder, file), text)
  return folder
}

test('the values of the chart hold a configuration, and what the chart knows', async () => {
  const [values] = blocksIn('yaml').filter(({ file }) => file === 'values.yaml')
  const { config, ...others } = parse(values?.text ?? '') as { config: Written }
  const chart = readFileSync(join(root, 'deploy/helm/vitrine/values.yaml'), 'utf8')
  expect(Object.keys(parse(chart) as object)).toEqual(expect.arrayContaining(Object.keys(others)))
  const { sources } = await readConfig(config, { folder: scratchFolder(), env: variables })
  expect(sources).toMatchObject([{ name: 'shop' }])
})

test('the facts of docs/agent.md are right', async () => {
  const [facts] = blocksIn('yaml').filter(({ file }) => file === 'facts.yaml')
  const path = join(scratchFolder(), 'facts.yaml')
  writeFileSync(path, facts?.text ?? '')
  expect(Object.keys(await readFacts(path))).not.toEqual([])
})
