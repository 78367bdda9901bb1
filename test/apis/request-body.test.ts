import { expect, test } from 'vitest'
import { buildRequest } from '../../dist/apis/build-request.js'
import { readOpenApi } from '../../dist/apis/openapi/document.js'
import { importOperation } from '../../dist/apis/openapi/operation.js'
import { loadJsonSchemas } from '../../dist/base/json-schema.js'

const documentOf = (version: string, schema: object, body: object = { required: true }): string =>
  JSON.stringify({
    openapi: version,
    paths: {
      '/orders/{id}/refunds': {
        post: {
          operationId: 'refund',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
            { name: 'Content-Type', in: 'header', required: true, schema: { type: 'string' } },
          ],
          requestBody: {
            $ref: '#/components/requestBodies/Refund',
          },
          responses: {},
        },
      },
    },
    components: {
      requestBodies: { Refund: { ...body, content: { 'application/json': { schema } } } },
      schemas: {
        Line: {
          type: 'object',
          required: ['sku'],
          properties: { sku: { type: 'string' }, count: { type: 'integer', default: 1 } },
        },
      },
    },
  })

const load = (text: string) =>
  importOperation(readOpenApi(text), {
    id: 'refund',
    anyway: { headers: [], query: [] },
    flawOf: () => undefined,
  })

const line = {
  type: 'object',
  required: ['sku'],
  properties: { sku: { type: 'string' }, count: { type: 'integer', default: 1 } },
}

test.each([
  [
    '3.0.3',
    { type: 'string', nullable: true, maxLength: 9 },
    { type: 'integer', minimum: 0, exclusiveMinimum: true },
  ],
  ['3.1.0', { type: ['string', 'null'], maxLength: 9 }, { type: 'integer', exclusiveMinimum: 0 }],
])(
  'each property of a body is a parameter with its schema: OpenAPI %s',
  async (version, note, cents) => {
    const { endpoint, parameters } = load(
      documentOf(version, {
        type: 'object',
        required: ['cents', 'number'],
        properties: {
          number: { type: 'string', readOnly: true },
          id: { type: 'string' },
          cents,
          note,
          currency: { enum: ['EUR', 'CHF'], default: 'EUR', description: 'Of the amount' },
          lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
        },
      }),
    )
    expect(
      Object.fromEntries(
        Object.entries(parameters).map(([name, { place, isOptional }]) => [
          name,
          `${place.in} ${place.name}${isOptional ? '?' : ''}`,
        ]),
      ),
    ).toEqual({
      id: 'path id',
      id_2: 'body id?',
      cents: 'body cents',
      note: 'body note?',
      currency: 'body currency?',
      lines: 'body lines?',
    })
    expect(parameters['note']?.schema).toEqual({ type: ['string', 'null'], maxLength: 9 })
    expect(parameters['cents']?.schema).toEqual({ type: 'integer', exclusiveMinimum: 0 })
    expect(parameters['currency']?.schema).toEqual({
      enum: ['EUR', 'CHF'],
      description: 'Of the amount Default: "EUR".',
    })
    expect(parameters['lines']?.schema).toEqual({ type: 'array', items: line })
    const { flawOf } = await loadJsonSchemas()
    expect(Object.values(parameters).map(({ schema }) => flawOf(schema))).toEqual(
      Object.values(parameters).map(() => undefined),
    )
    const values = { id: 1, id_2: 'x', cents: 5, note: null, lines: [{ sku: 'A' }] }
    const { path, body = '' } = buildRequest(endpoint, values)
    expect(path).toBe('/orders/1/refunds')
    expect(JSON.parse(body)).toEqual({ id: 'x', cents: 5, note: null, lines: [{ sku: 'A' }] })
  },
)

test.each([
  ['a list', { type: 'array', items: { $ref: '#/components/schemas/Line' } }, [{ sku: 'A' }]],
  [
    'put together',
    { allOf: [{ $ref: '#/components/schemas/Line' }, { type: 'object' }] },
    { sku: 'A' },
  ],
  ['one of several', { oneOf: [{ type: 'string' }, { type: 'integer' }] }, 'text'],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, { a: 1 }],
])('a body that is %s is one parameter', (_what, schema, value) => {
  const { endpoint, parameters } = load(documentOf('3.1.0', schema))
  expect(Object.keys(parameters)).toEqual(['id', 'body'])
  expect(parameters['body']).toMatchObject({ isOptional: false, place: { style: 'whole' } })
  const { body = '' } = buildRequest(endpoint, { id: 1, body: value })
  expect(JSON.parse(body)).toEqual(value)
})

test('a body that may be left out is not sent then', () => {
  const { endpoint, parameters } = load(documentOf('3.0.0', { type: 'array', items: {} }, {}))
  expect(parameters['body']?.isOptional).toBe(true)
  expect(buildRequest(endpoint, { id: 1 }).body).toBeUndefined()
})

const form = (required: boolean): string =>
  documentOf('3.1.0', {}, { required }).replace('application/json', 'application/xml')

test('a body that is no JSON is a mistake where it is required, and left out where not', () => {
  expect(() => load(form(true))).toThrow(/a body is required, and none of application\/json/)
  expect(Object.keys(load(form(false)).parameters)).toEqual(['id'])
})

test('names that are no names for others stay members of the body and nothing else', () => {
  const schema = `{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"},"a b":{}}}`
  const { endpoint, parameters } = load(
    documentOf('3.1.0', { there: true }).replace('{"there":true}', schema),
  )
  const names = Object.keys(parameters).filter((name) => name !== 'id')
  const { body } = buildRequest(endpoint, {
    id: 1,
    ...Object.fromEntries(names.map((name) => [name, 'x'])),
  })
  expect(body).toContain('"constructor": "x"')
  expect(body).toContain('"a b": "x"')
})

test('a body has at most 100 kB', () => {
  const { endpoint } = load(documentOf('3.1.0', { type: 'array' }))
  expect(() => buildRequest(endpoint, { id: 1, body: ['ü'.repeat(60_000)] })).toThrow(
    'The body would have more than 100000 bytes.',
  )
})
