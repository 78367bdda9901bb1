import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createToolsets } from '../../dist/server/toolsets.js'
import {
  openBilling,
  refundTools,
  secret,
  startChangedApi,
  writeBillingConfig,
} from '../support/changed-api.ts'
import { openWritingApp, outcomeOf } from '../support/writing.ts'
import { anyString } from '../support/any-string.ts'

const nested = (depth: number): object => (depth === 0 ? {} : { inner: nested(depth - 1) })

const refund = ['refund', { order: 'R 1', cents: 500 }] as const

async function open(config?: Parameters<typeof openBilling>[1]) {
  const api = await startChangedApi()
  return { ...api, ...(await openBilling(api.url, config)) }
}

const accept = (state = '') => ({ asking: { response: { state, decision: 'accepted' } } }) as const

test('a person is shown the request as it will be sent, without credentials; nothing was sent by then', async () => {
  const { call, received, url } = await open()
  const { question } = await call('refund', {
    order: 'Ä/1'.replace('/', ''),
    cents: 500,
    reason: 'line\n}\u202e "x"',
    lines: [{ sku: 'A', n: 1 }, {}],
    trace: 'abc',
    notify: true,
  })
  expect(question?.text).toBe(`Send this to billing?

    POST ${url}/v2/orders/%C3%841/refunds?api_key=***&lang=en&notify=true
    X-Trace: abc

    {
      "cents": 500,
      "reason": "line\\n}\\u{202e} \\"x\\"",
      "lines": [
        {
          "sku": "A",
          "n": 1
        },
        {}
      ]
    }

With these values:

    order = "Ä1"
    notify = true

It is sent once. What it changes there, the API decides.
Asked for by a model that calls the tool refund.`)
  expect(question?.text).not.toContain('sesame')
  expect(received).toEqual([])
})

test('what is confirmed is sent, with the headers of the source, and what the API says is the answer', async () => {
  const { confirmed, received } = await open()
  const { answer } = await confirmed('refund', { ...refund[1], reason: 'ü', trace: 't' })
  expect(answer).toEqual({ status: 201, data: { id: 7 }, truncated: false })
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({
    method: 'POST',
    url: `/v2/orders/R%201/refunds?api_key=${secret}-2&lang=en`,
    body: '{\n  "cents": 500,\n  "reason": "ü"\n}',
    headers: {
      'content-type': 'application/json',
      'content-length': '36',
      authorization: `Bearer ${secret}`,
      'x-user': 'ana',
      'x-trace': 't',
      connection: 'close',
    },
  })
})

test('DELETE has its values in the URL, and no body unless one is declared', async () => {
  const { confirmed, received } = await open({
    tools: `${refundTools}
  purge:
    description: Purges.
    source: billing
    effect: write
    request: DELETE /refunds
    parameters: { before: { type: string }, ids: { type: array, items: { type: integer }, in: body } }
`,
  })
  await confirmed('cancel', { id: 7 })
  await confirmed('purge', { before: '2020', ids: [1, 2] })
  expect(
    received.map(({ method, url, body }) => [method, url.replace(/\?.*en/, ''), body]),
  ).toEqual([
    ['DELETE', '/v2/refunds/7', ''],
    ['DELETE', '/v2/refunds&before=2020', '{\n  "ids": [\n    1,\n    2\n  ]\n}'],
  ])
  expect(received[1]?.headers['content-length']).toBe(String(received[1]?.body.length))
})

test('a null that the schema takes is sent, and what is left out is not', async () => {
  const { confirmed, received } = await open()
  await confirmed('refund', { ...refund[1], note: null })
  await confirmed('refund', { ...refund[1], reason: null })
  expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { cents: 500, note: null },
    { cents: 500 },
  ])
})

test('a whole number beyond 2^53 is shown and sent as it was written', async () => {
  const { confirmed, call, received } = await open()
  const given = { order: '1', cents: '9007199254740993' }
  expect((await call('refund', given)).question?.text).toContain('"cents": 9007199254740993')
  await confirmed('refund', given)
  expect(received[0]?.body).toContain('"cents": 9007199254740993\n')
})

test('any arguments arrive as they were given, at their places, and as they were shown', async () => {
  const api = await startChangedApi()
  const { call } = await openBilling(api.url)
  const text = anyString({ maxLength: 60 }).filter((one) => !/\p{Cs}/u.test(one))
  const values = fc.record({
    cents: fc.integer({ min: 1 }),
    reason: text.filter((one) => one !== ''),
    note: fc.option(text),
    lines: fc.array(fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }), {
      maxLength: 3,
    }),
  })
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const input = { order: 'R-1', ...given }
      const { question } = await call('refund', input)
      await call('refund', input, accept(question?.state))
      const { body = '', url } = api.received.at(-1) ?? {}
      expect(url).toMatch(/^\/v2\/orders\/R-1\/refunds\?/)
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(given)))
      // Each line that was sent was a line of the question, what is unseen spelled out.
      const shown = question?.text.split('\n') ?? []
      const plain = body.split('\n').filter((line) => /^[ -~]*$/.test(line))
      expect(shown).toEqual(expect.arrayContaining(plain.map((line) => `    ${line}`)))
    }),
    { numRuns: 40 },
  )
})

test.each([
  ['a slash in the path', { order: 'a/../b' }],
  ['steps out of the path', { order: '..' }],
  ['an escape in the path', { order: 'a%2f..' }],
  ['a line in a header', { trace: 'a\r\nX-Admin: 1' }],
  ['what is nested without end', { lines: [nested(70)] }],
  ['more than a person reads', { reason: 'x'.repeat(9000) }],
  ['more than the arguments may be', { reason: 'x'.repeat(100_001) }],
])('%s is refused before anybody is asked', async (_what, given) => {
  const { call, received } = await open()
  expect(await outcomeOf(call('refund', { ...refund[1], ...given }))).toBe('invalid_input')
  expect(received).toEqual([])
})

test('line ends and other characters in values stay where they are', async () => {
  const { confirmed, received } = await open()
  const odd = 'a\r\nX-Admin: 1\r\n\r\nPOST /v2/all HTTP/1.1\u2028\u0000?x=1&y#z'
  await confirmed('refund', { order: 'a?b#c&d=e;f', cents: 1, reason: odd })
  expect(received).toHaveLength(1)
  expect(received[0]?.url).toBe(
    `/v2/orders/a%3Fb%23c%26d%3De%3Bf/refunds?api_key=${secret}-2&lang=en`,
  )
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ cents: 1, reason: odd })
})

test('on record are the decision and what the API answered, and no value', async () => {
  const api = await startChangedApi()
  const path = writeBillingConfig(api.url, {
    more: 'audit: { file: ./audit.jsonl, statements: true }',
  })
  const { confirmed, app } = await openWritingApp(path)
  await confirmed('refund', { order: 'R-77123', cents: 77_123 })
  await app.close()
  const text = readFileSync(join(dirname(path), 'audit.jsonl'), 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(
    lines.map(({ decision, confirmation, effect, status, statement }) => [
      decision,
      confirmation,
      effect,
      status,
      statement,
    ]),
  ).toEqual([
    ['asked', 'asked', 'write', undefined, 'POST /orders/{order}/refunds'],
    ['confirmed', 'accepted', 'write', undefined, 'POST /orders/{order}/refunds'],
    ['allowed', 'accepted', 'write', 201, 'POST /orders/{order}/refunds'],
  ])
  expect(text).not.toMatch(/77123|sesame/)
})

test('it is listed as what destroys, in an open world', async () => {
  const { app } = await open()
  const tool = createToolsets(app)(app.localActor).tools.get('refund')
  expect(tool?.annotations).toEqual({
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  })
  expect(tool?.description).toMatch(/once a person has confirmed it\.$/)
  expect(Object.keys(tool ?? {})).not.toEqual(expect.arrayContaining(['mayTakeLong']))
  expect(Object.keys(tool ?? {})).not.toEqual(expect.arrayContaining(['cached']))
})
