import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildRequest } from '../../dist/apis/build-request.js'
import { type Endpoint, isPath, parseRequestLine, toPlace } from '../../dist/apis/endpoint.js'
import { anyString } from '../support/any-string.ts'

const endpoint: Endpoint = {
  method: 'GET',
  path: '/invoices/{id}/lines.{kind}',
  query: 'expand=lines',
  places: {
    id: toPlace('path', 'id'),
    kind: toPlace('path', 'kind'),
    status: toPlace('query', 'status'),
    tags: toPlace('query', 'tags'),
    trace: toPlace('header', 'X-Trace'),
  },
}

const build = (values: Record<string, unknown>) =>
  buildRequest(endpoint, { id: 7, kind: 'json', ...values })

const codeOf = (make: () => unknown): string => {
  try {
    make()
    return 'none'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

test('values go where they belong, and what is left out goes nowhere', () => {
  expect(
    build({ id: 'R-7 ü', status: 'new & paid', tags: ['a,b', 'c'], trace: 'x', more: 1 }),
  ).toEqual({
    method: 'GET',
    path: '/invoices/R-7%20%C3%BC/lines.json',
    query: 'expand=lines&status=new%20%26%20paid&tags=a%2Cb&tags=c',
    headers: { 'X-Trace': 'x' },
  })
  expect(build({ status: null, tags: undefined })).toMatchObject({
    query: 'expand=lines',
    headers: {},
  })
  expect(build({ id: 2n ** 60n, tags: [2n ** 60n, 1] })).toMatchObject({
    path: '/invoices/1152921504606846976/lines.json',
    query: 'expand=lines&tags=1152921504606846976&tags=1',
  })
  expect(build({ status: '', tags: [] })).toMatchObject({ query: 'expand=lines&status=' })
})

test.each([
  ['form', false, 'tags=a%2Cb,c'],
  ['form', true, 'tags=a%2Cb&tags=c'],
  ['spaceDelimited', false, 'tags=a%2Cb%20c'],
  ['pipeDelimited', false, 'tags=a%2Cb%7Cc'],
  ['json', false, `tags=${encodeURIComponent('["a,b","c"]')}`],
] as const)('a list in the style %s, explode %s, is written %s', (style, explode, query) => {
  const places = { tags: { ...toPlace('query', 'tags'), style, explode } }
  const one: Endpoint = { method: 'GET', path: '/', query: '', places }
  expect(buildRequest(one, { tags: ['a,b', 'c'] }).query).toBe(query)
})

test('an object in the style deepObject has a pair for each of its keys', () => {
  const places = { filter: { ...toPlace('query', 'filter'), style: 'deepObject' as const } }
  const one: Endpoint = { method: 'GET', path: '/', query: '', places }
  expect(decodeURIComponent(buildRequest(one, { filter: { a: 1, 'b&c': 'x=y' } }).query)).toBe(
    'filter[a]=1&filter[b&c]=x=y',
  )
})

test.each([
  '.',
  '..',
  '../admin',
  '..%2fadmin',
  '%2e%2e',
  '%2E%2E%2F',
  '%252e%252e',
  '..;',
  '..;x=1',
  ' .. ',
  '/',
  'a/b',
  'a\\b',
  '..\\',
  '',
  'a\u0000',
  'a\r\nHost: evil',
  '\uD800',
])('a value that would leave its place in a path is refused: %j', (id) => {
  const lines: Endpoint = {
    ...endpoint,
    path: '/invoices/{id}',
    places: { id: toPlace('path', 'id') },
  }
  expect(codeOf(() => buildRequest(lines, { id }))).toBe('invalid_input')
})

test('two values that make dots together are refused', () => {
  const path = '/{id}{kind}/x'
  expect(codeOf(() => buildRequest({ ...endpoint, path }, { id: '.', kind: '.' }))).toBe(
    'invalid_input',
  )
})

test.each(['a\r\nX-Admin: 1', 'a\nb', 'a\u0000', 'ü', ' a', 'a\u007f'])(
  'a value that would leave its header is refused: %j',
  (trace) => {
    expect(codeOf(() => build({ trace }))).toBe('invalid_input')
  },
)

test('honest values are not refused', () => {
  for (const id of [
    '7',
    'INV-2026/'.slice(0, -1),
    'a.b',
    '...',
    'a..b',
    'x%',
    '100 %',
    '日本',
    'a+b',
    "o'neil",
    'a;b',
    '{id}',
  ])
    expect(codeOf(() => build({ id }))).toBe('none')
})

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  anyString(),
  fc.string({ unit: fc.constantFrom(...'./\\%2ef;?#&=\r\n'.split('')) }),
)

/** The request, or undefined where the value was refused as one that does not fit. */
function buildIfFit(values: Record<string, unknown>): ReturnType<typeof build> | undefined {
  const code = codeOf(() => build(values))
  if (code === 'none') return build(values)
  if (code !== 'invalid_input') throw new Error(`It failed with ${code}.`)
  return undefined
}

test('whatever a value is, the request stays below its endpoint, and is the value again at the other end', () => {
  fc.assert(
    fc.property(anyText, anyText, (id, status) => {
      const request = buildIfFit({ id, status })
      if (request === undefined) return
      const url = new URL(`https://billing.example/v2${request.path}?${request.query}`)
      const [, base, invoices, segment = '', kind, ...more] = url.pathname.split('/')
      expect([base, invoices, decodeURIComponent(segment), kind, ...more]).toEqual([
        'v2',
        'invoices',
        id,
        'lines.json',
      ])
      expect([...url.searchParams]).toEqual([
        ['expand', 'lines'],
        ['status', status],
      ])
      expect([url.pathname, url.host, url.hash]).toEqual([
        `/v2${request.path}`,
        'billing.example',
        '',
      ])
    }),
    { numRuns: 500 },
  )
})

test('whatever a value is, its header holds it as it is and ends where it ends', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string()), (trace) => {
      const request = buildIfFit({ trace })
      if (request === undefined) return
      expect(request.headers).toEqual({ 'X-Trace': trace })
      expect(trace).toMatch(/^[\x20-\x7e]*$/)
    }),
    { numRuns: 500 },
  )
})

test('a list in a path is separated by commas, and what is too long to be sent is refused', () => {
  expect(build({ id: ['a,b', 'c'] }).path).toBe('/invoices/a%2Cb,c/lines.json')
  for (const long of [
    { id: 'x'.repeat(9000) },
    { status: 'ü'.repeat(2000) },
    { trace: 'x'.repeat(3000) },
  ])
    expect(codeOf(() => build(long))).toBe('invalid_input')
})

test('a request line is a method, a path and fixed pairs', () => {
  expect(parseRequestLine('GET /a/{id}/b?x=1&y=2')).toEqual({
    method: 'GET',
    path: '/a/{id}/b',
    query: 'x=1&y=2',
    placeholders: ['id'],
  })
  const wrong = [
    'get /a',
    'GET a',
    'GET //evil/a',
    'GET /a/../b',
    'GET /a#b',
    '/a',
    'GET  /a',
    'GET /a b',
    'GET /%2e%2e/a',
    'GET /{a',
    'GET https://evil/',
  ]
  expect(wrong.filter((line) => parseRequestLine(line) !== undefined)).toEqual([])
  expect(isPath('/pets/{petId}:archive')).toBe(true)
})
