/** Errors that come to a client over HTTP as they really arise, in one process. */
import { join } from 'node:path'
import fc from 'fast-check'
import { DatabaseSync } from '@photostructure/sqlite'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { addToken } from '../../dist/edge/auth/change-tokens.js'
import { dayMs, hashOf, makeTokenText } from '../../dist/edge/auth/token.js'
import { AppError, createVitrine, defineTool } from '../../dist/library/index.js'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { serveHere } from '../support/serve-here.ts'
import { shared } from '../support/shared.ts'
import { anyString } from '../support/any-string.ts'

const secret = 'the reason is nobody’s business'

const failing = defineTool({
  name: 'failing',
  description: 'Fails.',
  input: z.object({}),
  run: () => Promise.reject(new Error(secret)),
})

/** What nobody has foreseen: an answer that can be written down once. */
const writtenOnce = defineTool({
  name: 'written_once',
  description: 'Fails where nobody looks for it.',
  input: z.object({}),
  run: async () => {
    let times = 0
    const toJSON = (): object => {
      if ((times += 1) > 1) throw new Error(secret)
      return {}
    }
    return { toJSON }
  },
})

interface Served {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

const serve = shared(async (_key: 'one', whenDone): Promise<Served> => {
  const folder = scratchFolder(whenDone)
  const tokens = join(folder, 'tokens.yaml')
  const token = makeTokenText()
  const created = new Date()
  const expires = new Date(+created + dayMs)
  const grant = { tools: 'all', sources: 'all', claims: {} } as const
  await addToken(tokens, { name: 'ana', hash: hashOf(token), created, expires, ...grant })
  const database = makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
  const options = {
    config: { sources: { shop: { url: `sqlite:${database}` } }, http: { auth: { tokens } } },
    tools: [failing, writtenOnce],
  }
  const url = await serveHere(options, whenDone)
  const accept = 'application/json, text/event-stream'
  const headers = { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` }
  return { url, headers }
})

let served: Served
beforeAll(async () => {
  served = await serve('one')
})

async function post(body: string, more: Readonly<Record<string, string>> = {}) {
  const headers = { ...served.headers, ...more }
  const response = await fetch(served.url, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}

const ask = (method: string, params: object) =>
  post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))

test.each([
  ['without a token', { authorization: '' }, 401, 'unauthenticated'],
  ['with one that is made up', { authorization: 'Bearer x' }, 401, 'unauthenticated'],
  ['from a page that may not call', { origin: 'https://evil.example' }, 403, 'not_allowed'],
])('who comes %s is told so, and what to do', async (_who, headers, status, code) => {
  const answer = await post('{}', headers)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.text)).toMatchObject({
    error: {
      data: { code, retryable: false, hint: expect.stringMatching(/Bearer|http\.origins/) },
    },
  })
})

test('a body that is too long is told so', async () => {
  const { status, text } = await post(`"${'x'.repeat(1024 * 1024)}"`)
  expect(status).toBe(413)
  expect(JSON.parse(text)).toMatchObject({ error: { data: { code: 'request_too_large' } } })
})

// Clients know a resource that is not there by its URI alone, and a tool by the number.
test.each([
  [
    'prompts/get',
    { name: 'anwser_with_evidence' },
    /answer_with_evidence/,
    { data: { code: 'unknown_prompt' } },
  ],
  [
    'resources/read',
    { uri: 'vitrine://shop/x' },
    /resources\/list/,
    { data: { uri: 'vitrine://shop/x' } },
  ],
  ['tools/call', { name: 'query_databse' }, /query_database/, {}],
])('what %s does not find is a protocol error that says what to do', async (...found) => {
  const [method, params, said, data] = found
  const { text } = await ask(method, params)
  expect(JSON.parse(text.replace(/^[^]*?data: /, ''))).toMatchObject({
    error: { code: -32_602, message: expect.stringMatching(said), ...data },
  })
})

test.each([
  ['prompts/get', { name: 'x', arguments: { month: 5 } }, /arguments\.month: expected string, rec/],
  ['prompts/get', { name: 7 }, /name: expected string, received number/],
  ['resources/read', {}, /uri: expected string, received undefined/],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' } }, /argument: expected object/],
])('wrong parameters of %s are told in a sentence: %j', async (method, params, said) => {
  const { text } = await ask(method, params)
  expect(JSON.parse(text.replace(/^[^]*?data: /, ''))).toMatchObject({
    error: {
      code: -32_602,
      message: expect.stringMatching(new RegExp(`^Wrong parameters for ${method}: ${said.source}`)),
    },
  })
})

test.each([
  ['failing', 'tool_failed'],
  ['written_once', 'internal'],
])(
  'a fault in %s is %s: the client is told nothing of it, and the log its reason',
  async (...found) => {
    const [name, code] = found
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => log.mockRestore())
    const { text } = await ask('tools/call', { name, arguments: {} })
    expect(text).toContain(`\\"code\\":\\"${code}\\"`)
    expect(text).not.toContain('reason')
    expect(log.mock.calls.join('\n')).toContain(secret)
  },
)

test('whatever arguments a tool is given, that is no fault of ours', async () => {
  const vitrine = await createVitrine({
    config: { sources: { shop: { url: `sqlite:${makeDatabase('CREATE TABLE orders(id)')}` } } },
  })
  onTestFinished(() => vitrine.close())
  const tools = vitrine.tools.filter(({ name }) => name !== 'refresh_cache')
  const value = fc.oneof(
    anyString(),
    fc.constantFrom('__proto__', 'orders', '\0', '\uD800', '9'.repeat(400), -1, 1e308, null),
    fc.anything({ maxDepth: 3, withBigInt: false }),
  )
  const calls = fc.constantFrom(...tools).chain(({ name, inputSchema }) => {
    const names = Object.keys(inputSchema['properties'] as object)
    return fc.tuple(fc.constant(name), fc.dictionary(fc.constantFrom(...names, 'x'), value))
  })
  await fc.assert(
    fc.asyncProperty(calls, async ([name, given]) => {
      const thrown = await vitrine.call(name, given).catch((error: unknown) => error)
      const isFault = thrown instanceof Error && !(thrown instanceof AppError)
      expect({ isFault, thrown }).not.toMatchObject({ isFault: true })
      expect(thrown).not.toMatchObject({ code: 'internal' })
    }),
    { numRuns: 60 },
  )
})

test('tables that never stop changing are told of, and the answer is one worth asking again', async () => {
  const path = join(scratchFolder(), 'busy.db')
  const writer = new DatabaseSync(path)
  writer.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE t(a)')
  const vitrine = await createVitrine({ config: { sources: { busy: { url: `sqlite:${path}` } } } })
  onTestFinished(() => vitrine.close())
  let isOver = false
  onTestFinished(() => void (isOver = true))
  let isThere = false
  const change = (): void => {
    if (isOver) return writer.close()
    writer.exec(isThere ? 'DROP TABLE x' : 'CREATE TABLE x(a)')
    isThere = !isThere
    setImmediate(change)
  }
  change()
  // Now and then they stand still for as long as an answer takes.
  await vi.waitFor(
    () =>
      expect(vitrine.call('query_database', { query: 'SELECT a FROM t' })).rejects.toMatchObject({
        code: 'schema_changed',
        retryable: true,
      }),
    { timeout: 20_000 },
  )
})
