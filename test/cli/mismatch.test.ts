import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { makeDatabase } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'

/** A config that means to mask a column and slips. */
function makeConfig(): string {
  const path = makeDatabase(`
    CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT);
    INSERT INTO customers VALUES (1, 'ada@secret.example');`)
  const config = join(dirname(path), 'vitrine.yaml')
  const sources = 'sources: { shop: { url: sqlite:./test.db, columns: { customers.mail: mask } } }'
  writeFileSync(config, sources)
  return config
}

const meant = /customers has no column mail\. Did you mean "email"\?/

test.each([
  ['query', ['SELECT email FROM customers'], 2],
  ['schema', [], 2],
  ['doctor', [], 1],
  ['check', [], 2],
])('vitrine %s says which name is not in the database', async (command, more, code) => {
  const ran = await runHere([command, makeConfig(), ...more])
  expect(ran.code).toBe(code)
  expect(ran.stdout + ran.stderr).toMatch(meant)
  expect(ran.stdout).not.toMatch(/secret/)
})

test('vitrine connect writes no entry for it', async () => {
  const config = makeConfig()
  const { code, stderr } = await vitrine(['connect', 'cursor', config], { cwd: dirname(config) })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(meant) })
  expect(existsSync(join(dirname(config), '.cursor'))).toBe(false)
})

test('vitrine serve says it on stderr, and a model that the source is closed', async () => {
  const server = new RawServer(makeConfig())
  await server.initialize()
  const answer = JSON.stringify(await server.query(1, 'SELECT email FROM customers'))
  expect(answer).toMatch(/config_invalid/)
  expect(answer).not.toMatch(/secret|no column/)
  await vi.waitFor(() => expect(server.stderr).toMatch(meant), 5000)
})

test('vitrine check warns of what is closed because it would tell a closed column', async () => {
  const path = makeDatabase(`
    CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT);
    CREATE VIEW twins AS SELECT a.id FROM customers a JOIN customers b USING (email);
    CREATE VIRTUAL TABLE words USING fts5(email, content='customers');`)
  const config = join(dirname(path), 'vitrine.yaml')
  writeFileSync(
    config,
    'sources: { shop: { url: sqlite:./test.db, columns: { customers.email: mask } } }',
  )
  const { code, stdout } = await runHere(['check', config])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/twins is closed/) })
  expect(stdout).toMatch(/words is closed/)
})
