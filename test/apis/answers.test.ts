import { expect, test } from 'vitest'
import { toAnswer } from '../../dist/apis/answer.js'
import { parseJson } from '../../dist/apis/json.js'
import { refusalOf } from '../../dist/apis/refusal.js'
import { createHide } from '../../dist/apis/secrets.js'
import { loadSelections } from '../../dist/apis/select.js'
import { trim } from '../../dist/apis/trim.js'

const limits = { answerBytes: 40_000, items: 500, textBytes: 4096 }
const plain = { limits, select: undefined, hide: (text: string) => text }

const response = (body: string | Buffer, type = 'application/json', status = 200) => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(body),
})

test('JSON is data, and a list is counted', () => {
  expect(toAnswer(response('{"a":[1,null,"x"]}'), plain)).toEqual({
    data: { a: [1, null, 'x'] },
    truncated: false,
  })
  expect(toAnswer(response('[{"a":1},{"a":2}]', 'application/vnd.api+json'), plain)).toEqual({
    data: [{ a: 1 }, { a: 2 }],
    row_count: 2,
    truncated: false,
  })
})

test.each([
  ['9007199254740993', '"9007199254740993"'],
  ['-9223372036854775808', '"-9223372036854775808"'],
  ['[12345678901234567890, 1]', '["12345678901234567890",1]'],
  ['{"a":0.1234567890123456789}', '{"a":"0.1234567890123456789"}'],
  ['{"a":"9007199254740993"}', '{"a":"9007199254740993"}'],
  ['{"9007199254740993":"x\\"9007199254740993"}', '{"9007199254740993":"x\\"9007199254740993"}'],
  ['[1.5, 1e3, 100, 9007199254740991, 1.2500000000000000]', '[1.5,1000,100,9007199254740991,1.25]'],
])('no number loses a digit: %s', (written, read) => {
  expect(JSON.stringify(parseJson(written))).toBe(read)
})

test('what is no JSON is not made one', () => {
  for (const text of ['{"a":90071992547409930x}', '9007199254740993.', '01234567890123456789'])
    expect(() => parseJson(text)).toThrow(SyntaxError)
})

test('no text makes reading it take long', () => {
  // Texts without an end, and a number of many zeros: each was looked at once for each of its characters.
  const endless = `"1234567890123456${'\\"'.repeat(1_000_000)}`
  expect(() => parseJson(endless)).toThrow(SyntaxError)
  expect(parseJson(`[1.${'0'.repeat(1_000_000)}1]`)).toEqual([`1.${'0'.repeat(1_000_000)}1`])
  const { value } = trim(`${'\uFFFD'.repeat(1_000_000)}a`, { ...limits, textBytes: 2_999_999 })
  expect(value).toMatchObject({ bytes: 3_000_001 })
})

test('text is text, cut where it is too long', () => {
  expect(toAnswer(response('a,b\n1,2\n', 'text/csv; charset=utf-8'), plain)).toEqual({
    content_type: 'text/csv',
    text: 'a,b\n1,2\n',
    bytes: 8,
    truncated: false,
  })
  const long = toAnswer(response('ü'.repeat(30_000), 'text/plain'), plain)
  expect(long).toMatchObject({ bytes: 60_000, truncated: { by: ['bytes'] } })
  expect(Buffer.byteLength(String(long['text']))).toBeLessThanOrEqual(40_000)
  expect(long['text']).toMatch(/^ü+$/)
  const latin = response(Buffer.from([0xe4]), 'text/plain; charset=iso-8859-1')
  expect(toAnswer(latin, plain)).toMatchObject({ text: 'ä' })
})

test('what is neither is described', () => {
  expect(toAnswer(response('%PDF-1.7', 'application/pdf'), plain)).toMatchObject({
    content_type: 'application/pdf',
    bytes: 8,
  })
  expect(toAnswer(response('', 'text/html', 204), plain)).toEqual({
    status: 204,
    data: null,
    truncated: false,
  })
})

test('what should be JSON and is not, is an error', () => {
  expect(() => toAnswer(response('<html>'), plain)).toThrow(/should be JSON, and is not/)
  const selecting = { ...plain, select: (data: unknown) => data }
  expect(() => toAnswer(response('<html>', 'text/html'), selecting)).toThrow(/should be JSON/)
})

test('JSON of which its type does not say so is data all the same, where something is selected or no type is told', () => {
  const selecting = { ...plain, select: () => 'chosen' }
  expect(toAnswer(response('{"a":1}', 'text/plain'), selecting)).toMatchObject({ data: 'chosen' })
  const untold = { status: 200, headers: {}, body: Buffer.from('{"a":1}') }
  expect(toAnswer(untold, plain)).toMatchObject({ data: { a: 1 } })
})

test('a selection is JMESPath, and one that does not fit says so', async () => {
  const { compile, flawOf } = await loadSelections()
  const select = compile('lines[?cents > `100`].{text: text, cents: cents}')
  const body = '{"lines":[{"text":"a","cents":900,"x":1},{"text":"b","cents":1}]}'
  expect(toAnswer(response(body), { ...plain, select })).toMatchObject({
    data: [{ text: 'a', cents: 900 }],
    row_count: 1,
  })
  expect(() => toAnswer(response('{"a":"x"}'), { ...plain, select: compile('sum(a)') })).toThrow(
    /is not what this tool selects from/,
  )
  expect(flawOf('lines[')).toBeDefined()
  expect(flawOf('lines[*]')).toBeUndefined()
})

test('a list ends at its number of items', () => {
  const trimmed = trim(
    Array.from({ length: 600 }, (_one, index) => index),
    limits,
  )
  expect(trimmed.value).toHaveLength(500)
  expect(trimmed).toMatchObject({ cuts: ['items'], list: { path: 'data', shown: 500, of: 600 } })
})

test('an answer ends at its bytes, and says which list was cut', () => {
  const lines = Array.from({ length: 400 }, (_one, index) => ({ index, text: 'x'.repeat(200) }))
  const answer = toAnswer(response(JSON.stringify({ id: 1, lines, after: true })), plain)
  expect(JSON.stringify(answer['data']).length).toBeLessThan(41_000)
  expect(JSON.stringify(answer['data']).length).toBeGreaterThan(39_000)
  expect(answer['truncated']).toMatchObject({
    by: ['bytes'],
    hint: expect.stringMatching(/^Of data\.lines the first \d+ of 400 items are here\./) as string,
  })
})

test('a long text is cut, with its length', () => {
  expect(trim({ a: 'é'.repeat(5000) }, limits).value).toMatchObject({
    a: { text: 'é'.repeat(2048), bytes: 10_000 },
  })
})

test('whatever the data is, the answer is no larger than a text more than its limit', () => {
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_o, index) => [`k${index}`, 'v']))
  const nested = parseJson(`${'['.repeat(5000)}1${']'.repeat(5000)}`)
  const deep = { a: Array.from({ length: 100 }, () => wide) }
  const keys = { ['k'.repeat(1_000_000)]: 1, b: 2 }
  for (const value of [wide, nested, deep, keys, [[[wide]]], 'x'.repeat(1e6)]) {
    const { value: shown, cuts } = trim(value, limits)
    expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(45_000)
    expect(cuts).not.toEqual([])
  }
})

const hide = createHide([
  'Bearer s3cret-tok/en+1',
  'Basic dmlldzpwYXNzdzByZCE=',
  'key-123456',
  'Bearer open/~door',
])

test('credentials that an API echoes are taken out, however it writes them', () => {
  const echoed = {
    headers: { Authorization: 'Bearer s3cret-tok/en+1', 's3cret-tok/en+1': 'x' },
    url: 'https://a/?key=key-123456&t=s3cret-tok%2Fen%2B1',
    spelled: ['/open%2F~door', '?key=open%2F%7Edoor', 'open/~door'],
    basic: ['dmlldzpwYXNzdzByZCE=', 'view:passw0rd!', 'passw0rd!'],
  }
  // As some write JSON: slashes and letters as escapes.
  const body = JSON.stringify(echoed).replaceAll('/', '\\/').replaceAll('3', '\\u0033')
  for (const type of ['application/json', 'text/plain']) {
    const text = type === 'text/plain' ? JSON.stringify(echoed) : body
    const shown = JSON.stringify(toAnswer(response(text, type), { ...plain, hide }))
    expect(shown).not.toMatch(/s3cret|passw0rd|dmlldz|123456|open/)
    expect(shown).toMatch(/\*\*\*/)
  }
})

test.each([
  [400, 'invalid_input'],
  [401, 'not_allowed'],
  [403, 'not_allowed'],
  [404, 'not_found'],
  [409, 'query_failed'],
  [410, 'not_found'],
  [422, 'invalid_input'],
  [429, 'too_busy'],
  [500, 'source_unavailable'],
  [503, 'source_unavailable'],
  [304, 'query_failed'],
])('HTTP %i is %s', (status, code) => {
  expect(refusalOf(response('{}', 'application/json', status), hide)?.code).toBe(code)
})

test.each([
  [
    '{"title":"Bad id","detail":"No such invoice."}',
    'application/problem+json',
    'No such invoice.',
  ],
  ['{"error":{"message":"id: not a number"}}', 'application/json', 'id: not a number'],
  ['{"errors":[{"message":"a"},{"message":"b"}]}', 'application/json', 'a; b'],
  ['{"error":"invalid_grant","error_description":"It expired"}', 'application/json', 'It expired'],
  ['no\nsuch\u0000 page', 'text/plain', 'no such page'],
])('what an API says went wrong is told: %s', (body, type, words) => {
  expect(refusalOf(response(body, type, 404), hide)?.message).toBe(
    `The API has nothing there (HTTP 404). It says: ${words}`,
  )
})

test('of an error page, of headers and of credentials nothing is told', () => {
  const page = refusalOf(response('<html>trace', 'text/html', 500), hide)
  expect(page?.message).toBe('The API failed (HTTP 500).')
  const words = `${'x'.repeat(390)} s3cret-tok/en+1`
  const echo = refusalOf(
    response(JSON.stringify({ message: words }), 'application/json', 401),
    hide,
  )
  expect(echo?.message).not.toMatch(/s3cret/)
  expect(echo?.message.length).toBeLessThan(500)
})

test('when to come back is told where the API says it', () => {
  const { headers, ...rest } = response('{}', 'application/json', 429)
  const busy = refusalOf({ ...rest, headers: { ...headers, 'retry-after': '30' } }, hide)
  expect(busy).toMatchObject({ code: 'too_busy', retryable: true, retryAfterMs: 30_000 })
})
