import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'

/** A worker that takes long to start makes its source one that is not there, for once. */
const patience = { timeout: 25_000 }

async function serveWith(more: string, source = makeDatabase('SELECT 1')): Promise<URL> {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(path, `sources: { shop: { url: 'sqlite:${source}' } }\n${more}\n`)
  return serveHere({ config: path })
}

/** What /readyz says. */
async function readinessOf(url: URL): Promise<unknown> {
  const response = await fetch(new URL('/readyz', url))
  return { code: response.status, ...((await response.json()) as object) }
}

test.each([
  ['', 200, []],
  ['limits: { per_actor: 5/s, store: "redis://127.0.0.1:1" }', 503, ['limits']],
  ['limits: { per_actor: 5/s, store: "redis://127.0.0.1:1", when_store_fails: open }', 200, []],
  ['audit: { file: ./nowhere/audit.jsonl }', 503, ['audit']],
  ['audit: { file: ./nowhere/audit.jsonl, when_audit_fails: open }', 200, []],
])(
  'a server is ready where no part is gone that calls do not go without: %s',
  async (more, code, missing) => {
    const url = await serveWith(more)
    await vi.waitFor(
      async () => expect(await readinessOf(url)).toMatchObject({ code, missing }),
      patience,
    )
  },
)

test('a server none of whose sources can be reached is not ready', async () => {
  expect(await readinessOf(await serveWith('', '/nowhere/shop.db'))).toMatchObject({
    code: 503,
    status: 'unavailable',
    sources: { ok: 0, unavailable: 1 },
  })
})

test('a server whose store of jobs is away is ready for what is answered in time, and says so', async () => {
  const url = await serveWith('jobs: { store: "redis://127.0.0.1:1" }')
  await vi.waitFor(
    async () =>
      expect(await readinessOf(url)).toMatchObject({
        code: 200,
        status: 'ready',
        missing: [],
        degraded: ['jobs'],
      }),
    patience,
  )
})
