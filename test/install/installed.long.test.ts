import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import {
  type Analysis,
  checkPackage,
  createPackageFromTarballData,
  type Problem,
} from '@arethetypeswrong/core'
import { filterProblems } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeMessagesApi } from '../../dist/testing/index.js'
import { hasRedis, redisUrl } from '../support/redis.ts'
import { checkout, install, type Runtime, thorough } from './installation.ts'

const installed = await install()
const orders = 'SELECT count(*) AS n FROM orders'

/** What needs an optional package: a line of a shell, what it is told without, and what it says with it. */
const optional = [
  {
    line: ['query', 'exports', 'SELECT sum(cents) AS sum FROM paid'],
    refused: 'DuckDB databases and data files need the package @duckdb/node-api.',
    needed: '@duckdb/node-api@1.5.6-r.1',
    says: /\b42\b/,
  },
  {
    line: ['ask', 'How many orders are there?', 'shop.db'],
    refused: 'The agent needs the package @anthropic-ai/sdk.',
    needed: '@anthropic-ai/sdk@1',
    says: /16,000 orders\./,
  },
  {
    line: ['cache', 'clear', 'cache.yaml'],
    refused: 'A Redis as cache.store needs the package @redis/client.',
    needed: '@redis/client@6',
    says: hasRedis ? /./ : /does not answer/,
  },
  {
    line: ['jobs', 'list', 'jobs.yaml'],
    refused: 'Jobs in Redis or PostgreSQL need the package bullmq.',
    needed: 'bullmq@6.7 @redis/client@6',
    says: hasRedis ? /./ : /does not answer/,
  },
] as const

describe.skipIf(installed === undefined)(
  'installed by npm in an empty folder',
  { timeout: 60_000 },
  () => {
    if (installed === undefined) return
    const { folder, packed, runtimes, npm, run } = installed

    beforeAll(() => {
      mkdirSync(join(folder, 'exports'))
      writeFileSync(join(folder, 'exports/paid.csv'), 'cents\n40\n2\n')
      const shop = 'sources: { shop: { url: sqlite:./shop.db } }\n'
      const store = `store: '${redisUrl}', key_prefix: vitrine-test-install`
      writeFileSync(join(folder, 'cache.yaml'), `${shop}cache: { ${store} }\n`)
      writeFileSync(join(folder, 'jobs.yaml'), `${shop}jobs: { ${store.replaceAll('-', '_')} }\n`)
      copyFileSync(join(checkout, 'test/install/program.ts'), join(folder, 'program.ts'))
    })

    test('it is what runs and its types, and as heavy as the README says', () => {
      const names = readdirSync(join(folder, 'node_modules/vitrine'), { recursive: true }).map(
        String,
      )
      const others = names.filter((name) => !/^dist(?:\/.*\.(?:js|d\.ts)$|[^.]*$)/.test(name))
      const root = ['LICENSE', 'README.md', 'package.json', 'schema.json']
      expect(others.toSorted()).toEqual(root)
      const [, megabytes, packages] =
        /\*\*(\d+) MB in (\d+) packages\*\*/.exec(
          readFileSync(join(checkout, 'README.md'), 'utf8'),
        ) ?? []
      const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock
      expect(Object.keys(lock.packages).length - 1).toBe(Number(packages))
      expect(
        Math.abs(bytesIn(join(folder, 'node_modules')) / 1e6 - Number(megabytes)),
      ).toBeLessThan(3)
    })

    test('checkers of packages find nothing', async () => {
      const tarball = new Uint8Array(readFileSync(join(folder, packed))).buffer
      const { messages } = await publint({ pack: { tarball }, strict: true })
      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)))
      expect({ messages, types: analysis.types && mattering(analysis) }).toMatchObject({
        messages: [],
        types: [],
      })
    })

    test('types resolve as Node and as bundlers do', { timeout: 240_000 }, async () => {
      const [own] = runtimes as [Runtime]
      symlinkSync(
        join(checkout, 'node_modules/typescript'),
        join(folder, 'node_modules/typescript'),
      )
      const strict = [
        '--strict',
        '--skipLibCheck',
        String(!thorough),
        '--target',
        'es2023',
        '--types',
        'node',
      ]
      const compile = async (...how: string[]): Promise<string> => {
        const line = ['node', 'node_modules/typescript/bin/tsc', 'program.ts', ...strict, ...how]
        return (await run(own, line)).stdout
      }
      const [asNode, asBundlers] = await Promise.all([
        compile('--module', 'nodenext'),
        compile('--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'),
      ])
      expect({ asNode, asBundlers }).toEqual({ asNode: '', asBundlers: '' })
    })

    describe.each(runtimes)('on $name', (runtime) => {
      const vitrine = (...line: string[]) =>
        run(runtime, ['node', 'node_modules/.bin/vitrine', ...line])

      test('the demo asks its shop', async () => {
        const { stdout, stderr } = await run(runtime, [
          'npx',
          'vitrine',
          'demo',
          '--keep',
          'shop.db',
        ])
        expect(stderr).toBe('')
        expect(stdout).toContain('npx vitrine connect claude-desktop')
      })

      test.concurrent('a question is answered in a terminal', async () => {
        const { stdout } = await vitrine('query', 'shop.db', orders, '--json')
        expect(JSON.parse(stdout)).toMatchObject({ rows: [[16_000]] })
      })

      test.concurrent('what connect prints starts a server that answers', async ({
        onTestFinished,
      }) => {
        const { stdout } = await vitrine(
          'connect',
          'claude-desktop',
          'shop.db',
          '--print',
          '--json',
        )
        const client = new Client({ name: 'test', version: '1' })
        await client.connect(new StdioClientTransport(entryIn(stdout)))
        onTestFinished(() => client.close())
        const question = { name: 'query_database', arguments: { query: orders } }
        expect((await client.callTool(question)).structuredContent).toMatchObject({
          rows: [[16_000]],
        })
      })

      test.concurrent(
        'a program serves tools of its own, and runs the agent',
        { timeout: 60_000 },
        async () => {
          const { stdout, stderr } = await run(runtime, ['node', 'program.js'])
          expect({ stderr, ...JSON.parse(stdout || '{}') }).toEqual({
            stderr: '',
            doubled: { number: 42 },
            refused: 'invalid_input',
            text: '16,000 orders.',
            turns: 2,
            fake: true,
          })
        },
      )

      test.concurrent.each(optional)(
        'without its package, $line.0 says what installs it',
        async (one) => {
          const { code, stderr } = await vitrine(...one.line)
          expect(stderr).toContain(
            `${one.refused}\n  Install it beside vitrine: npm install ${one.needed}\n`,
          )
          expect(code).toBeGreaterThan(0)
        },
      )
    })

    describe.runIf(thorough)('with the packages that the messages name', () => {
      let api: Awaited<ReturnType<typeof startFakeMessagesApi>>
      beforeAll(async () => {
        const packages = new Set(optional.flatMap(({ needed }) => needed.split(' ')))
        await npm('install', ...packages)
        const said = [{ content: [{ type: 'text', text: '16,000 orders.' }] }] as const
        api = await startFakeMessagesApi(runtimes.flatMap(() => said))
      }, 240_000)
      afterAll(() => api?.close())

      describe.each(runtimes)('on $name', (runtime) => {
        test.each(optional)('$line.0 answers', async ({ line, says, refused }) => {
          const env = { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: api.url }
          const { stdout, stderr } = await run(
            runtime,
            ['node', 'node_modules/.bin/vitrine', ...line],
            env,
          )
          expect(stderr).not.toContain(refused)
          expect(stdout + stderr).toMatch(says)
        })
      })
    })
  },
)

/** The package is ESM: what only `require` before Node 20.19 and resolutions older than `exports` miss is no matter. */
const mattering = (analysis: Analysis): readonly Problem[] =>
  (['node16-esm', 'bundler'] as const).flatMap((resolutionKind) =>
    filterProblems(analysis, { resolutionKind }),
  )

interface Lock {
  readonly packages: Readonly<Record<string, unknown>>
}

const bytesIn = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

const entryIn = (printed: string): { command: string; args: string[] } =>
  (JSON.parse(printed) as { entry: { command: string; args: string[] } }).entry
