import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import { type CorpusStatement, hasCorpus, readLines } from './corpus.ts'
import { scratchFolder } from './scratch.ts'
import { RawServer } from './serve.ts'
import { shared } from './shared.ts'

/** A fixture of the corpus, and all that a statement could change or give away there. */
export interface CorpusFixture {
  readonly url: string
  /** A statement with its placeholders filled in. */
  readonly fill: (sql: string) => string
  /** Everything a statement could change, as one text. */
  readonly state: () => Promise<string>
}

export interface CorpusSuite {
  readonly engine: 'sqlite' | 'postgres' | 'mysql' | 'duckdb'
  readonly make: (whenDone: WhenDone) => Promise<CorpusFixture>
  /** What no answer may hold: the corpus's canary, and what files of the system begin with. */
  readonly canary: string
  /** So many statements there are at least of each kind. */
  readonly atLeast: Readonly<Record<CorpusStatement['expect'], number>>
  /** Statements with this tag ask another source, and are tried there. */
  readonly elsewhere?: string
}

type Result = {
  isError?: boolean
  content?: { text: string }[]
  structuredContent?: { truncated?: unknown }
}

async function ask(server: RawServer, id: number, query: string): Promise<Result> {
  const answer = await server.query(id, query)
  return answer['result'] ?? { isError: true }
}

/** The shared corpus of one engine, through a real server. */
export function testCorpus(suite: CorpusSuite): void {
  const { engine, make, canary, atLeast, elsewhere = '' } = suite
  describe.runIf(hasCorpus)(`the shared corpus for ${engine}, through a real server`, () => {
    const statements = hasCorpus ? readLines<CorpusStatement>(`statements/${engine}.jsonl`) : []
    const of = (kind: CorpusStatement['expect']): CorpusStatement[] =>
      statements.filter(({ expect: is, tags }) => is === kind && !tags.includes(elsewhere))
    const traces = [
      canary,
      Buffer.from(canary).toString('hex'),
      Buffer.from(canary).toString('base64').slice(0, 12),
      'root:x:0',
    ]

    const shareFixture = shared((_key: 'fixture', whenDone) => make(whenDone))
    const shareServer = shared(async (_key: 'server', whenDone) => {
      const { url } = await shareFixture('fixture')
      const server = new RawServer(url, whenDone)
      await server.initialize()
      return server
    })

    test('what must be refused has no effect, no rows and no canary', async () => {
      const { fill, state } = await shareFixture('fixture')
      const server = await shareServer('server')
      const before = await state()
      for (const [index, { id, sql, tags }] of of('reject').entries()) {
        const { isError = false, content } = await ask(server, index + 1, fill(sql))
        const text = JSON.stringify(content)
        // A policy of the corpus may be argued with: SECURITY.md says which, and why.
        const refused = isError || (tags.includes('policy') && argued.has(sql.trim()))
        expect({ id, sql, refused, state: await state() }).toEqual({
          id,
          sql,
          refused: true,
          state: before,
        })
        expect(traces.filter((trace) => text.includes(trace))).toEqual([])
      }
      expect(of('reject').length).toBeGreaterThanOrEqual(atLeast.reject)
    }, 60_000)

    test('what must be allowed is answered', async () => {
      const { fill } = await shareFixture('fixture')
      const server = await shareServer('server')
      for (const [index, { id, sql }] of of('allow').entries()) {
        const { isError = false, content } = await ask(server, index + 10_001, fill(sql))
        expect({ id, sql, isError, content: isError ? content : undefined }).toEqual({
          id,
          sql,
          isError: false,
        })
      }
      expect(of('allow').length).toBeGreaterThanOrEqual(atLeast.allow)
    }, 60_000)

    test('what must be bounded ends in time, is cut with a notice, and the next question is answered', async () => {
      const { url, fill } = await shareFixture('fixture')
      const config = join(scratchFolder(), 'vitrine.yaml')
      writeFileSync(
        config,
        `sources:\n  fixture:\n    url: ${JSON.stringify(url)}\n    limits: { timeout: ${limitMs}ms, job_timeout: 0s }\n`,
      )
      const shares = Array.from({ length: serversAtOnce }, (_, share) =>
        of('bounded').filter((_one, index) => index % serversAtOnce === share),
      )
      await Promise.all(
        shares.map(async (share) => {
          const server = new RawServer(config)
          await server.initialize()
          // Its processes are started: what is measured is the bound alone.
          await expectAnswered(server, -1000)
          for (const [index, { id, sql, tags }] of share.entries()) {
            await expectBounded(server, { id, sql: fill(sql), tags, index })
          }
        }),
      )
      expect(of('bounded').length).toBeGreaterThanOrEqual(atLeast.bounded)
    }, 60_000)
  })
}

/** Most statements compute until their limit: it is what all of them together cost. */
const limitMs = 300
const serversAtOnce = 2

async function expectBounded(
  server: RawServer,
  { id, sql, tags, index }: Omit<CorpusStatement, 'expect'> & { readonly index: number },
): Promise<void> {
  const started = performance.now()
  const { isError = false, content, structuredContent } = await ask(server, index * 1000 + 1, sql)
  const late = performance.now() - started > limitMs + 3000
  expect({ id, sql, late }).toEqual({ id, sql, late: false })
  expect(JSON.stringify(content).length).toBeLessThan(200_000)
  const silent = tags[0] === 'rows' && !isError && structuredContent?.truncated === false
  expect({ id, sql, silent }).toEqual({ id, sql, silent: false })
  await expectAnswered(server, index * 1000 + 2)
}

/** At the latest when asked again: a process that was ended is replaced by one that opens the database anew. */
async function expectAnswered(server: RawServer, id: number): Promise<void> {
  let next = id
  await vi.waitFor(
    async () => expect((await ask(server, next++, 'SELECT 1')).isError).toBeUndefined(),
    { timeout: 15_000 },
  )
}

/** Answered although the corpus would rather not: the row it gives has no columns. */
const argued = new Set(['SELECT'])
