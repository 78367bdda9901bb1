/** What pages show beside commands, configuration and programs; and what nothing runs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { allBlocks, blocksIn, root } from '../support/page.ts'
import { hasPostgres, makePostgres } from '../support/postgres.ts'

test('what nothing runs says why, and there is little of it', () => {
  const notRun = allBlocks.filter((block) => block.notRun !== undefined)
  console.log(notRun.map(({ place, notRun: why }) => `${place} is not run: ${why}`).join('\n'))
  expect(notRun.length).toBeLessThanOrEqual(30)
})

test('what another test runs is in a test that reads the page', () => {
  const astray = allBlocks.filter(({ page, runBy }) => {
    if (runBy === undefined) return false
    return !readFileSync(join(root, runBy), 'utf8').includes(page.replace('/README.md', ''))
  })
  expect(astray).toEqual([])
})

test('every block is of a kind that something looks at', () => {
  const kinds = ['', 'sh', 'json', 'yaml', 'js', 'ts', 'sql', 'promql', 'md']
  const others = allBlocks.filter(
    ({ language, runBy, isOutput }) =>
      runBy === undefined && !isOutput && !kinds.includes(language),
  )
  expect(others.map(({ place, language }) => `${place} ${language}`)).toEqual([])
})

test('JSON is JSON, but for what is left out of it', () => {
  const flaws = blocksIn('json').flatMap(({ place, text }) => {
    const whole = text.replaceAll('[…]', '[]').replaceAll('{…}', '{}').replaceAll(',…', '').trim()
    // Answers stand on a line each.
    return (whole.startsWith('{"') ? whole.split('\n') : [whole])
      .filter((one) => !isJson(one))
      .map(() => place)
  })
  expect(flaws).toEqual([])
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test.skipIf(!hasPostgres)('the SQL of docs/sources/postgres.md runs', async () => {
  const database = await makePostgres(
    `CREATE TABLE orders (id int, owner text); CREATE TABLE order_items (id int);
     CREATE TABLE customers (id int, name text, city text, email text)`,
  )
  const [role, policy] = blocksIn('sql').filter(({ page }) => page === 'docs/sources/postgres.md')
  const reader = `${database.name}_reader`
  const sql = `${role?.text} ${policy?.text}`
    .replace('DATABASE shop', `DATABASE ${database.name}`)
    .replaceAll(/\breader\b/g, reader)
  const granted = `SELECT table_name FROM information_schema.table_privileges WHERE grantee = '${reader}' ORDER BY 1`
  // In a transaction that is rolled back, as a role is for the whole server.
  const rows = await database.run(
    `BEGIN; ${sql} CREATE TEMP TABLE t AS ${granted}; SELECT * FROM t`,
  )
  expect(rows).toEqual([['order_items'], ['orders']])
})

test('the figures that queries and the dashboard ask for are served', async () => {
  const { Registry } = await import('prom-client')
  const { createInstruments } = await import('../../dist/edge/telemetry/instruments.js')
  const registry = new Registry()
  await createInstruments(registry)
  onTestFinished(() => registry.clear())
  const served = (await registry.getMetricsAsJSON()).map(({ name }) => name)
  const dashboard = readFileSync(join(root, 'deploy/grafana.json'), 'utf8')
  const queries = [dashboard, ...blocksIn('promql').map(({ text }) => text)].join('\n')
  const named = [...queries.matchAll(/\b(?:vitrine|mcp_server|process|nodejs)_\w+/g)].map(
    ([name]) => name.replace(/_(?:bucket|count|sum)$/, ''),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !served.includes(name))).toEqual([])
})
