import { expect, test } from 'vitest'
import { locate, OpenApiFlaw, readOpenApi } from '../../dist/apis/openapi/document.js'
import { importOperation, OperationFlaw } from '../../dist/apis/openapi/operation.js'
import { loadJsonSchemas } from '../../dist/base/json-schema.js'

const nothing = { headers: [], query: [] }

const shop = `openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: https://elsewhere.example }]
paths:
  /items:
    parameters:
      - { name: tenant, in: query, schema: { type: string }, description: From the path }
    get:
      operationId: listItems
      summary: Items of the shop
      description: Newest first.
      parameters:
        - { name: tenant, in: query, required: true, schema: { type: string, format: uuid } }
        - { name: status, in: query, schema: { type: array, items: { $ref: '#/components/schemas/Status' } } }
        - { name: ids, in: query, explode: false, description: 'See [ids](https://a.example/b).', schema: { type: array, default: [1], items: { type: integer, format: int64 } } }
        - { name: 'filter[color]', in: query, schema: { type: string, nullable: true, enum: [red, blue] } }
        - { name: range, in: query, style: deepObject, explode: true, schema: { type: object, properties: { from: { type: integer, minimum: 0, exclusiveMinimum: true } } } }
        - { name: X-Request-Id, in: header, schema: { type: string, pattern: '(?<bad' } }
        - { name: Authorization, in: header, required: true, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
        - { name: where, in: query, content: { application/json: { schema: { type: object } } } }
      responses:
        '200':
          description: Items
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Item' } }
    post: { operationId: addItem, responses: {} }
  /items/{itemId}:
    get:
      operationId: getItem
      parameters:
        - { $ref: '#/components/parameters/ItemId' }
      responses: { '200': { $ref: '#/components/responses/Item' } }
    delete: { operationId: dropItem, responses: {} }
  /nowhere/{id}:
    get: { operationId: unfilled, responses: {} }
  /session:
    get:
      operationId: session
      parameters: [{ name: s, in: cookie, required: true, schema: { type: string } }]
  /remote:
    get:
      operationId: remote
      parameters:
        - { $ref: 'https://evil.example/p.yaml#/P' }
  /file:
    get:
      operationId: file
      parameters: [{ name: a, in: query, schema: { $ref: './other.yaml#/A' } }]
  /lost:
    get:
      operationId: lost
      parameters: [{ $ref: '#/components/parameters/None' }]
  /circle:
    get:
      operationId: circle
      parameters: [{ $ref: '#/components/parameters/A' }]
  /tree:
    get:
      operationId: tree
      parameters: [{ name: tree, in: query, content: { application/json: { schema: { $ref: '#/components/schemas/Tree' } } } }]
components:
  parameters:
    ItemId: { name: itemId, in: path, required: true, schema: { type: integer, minimum: 1 } }
    A: { $ref: '#/components/parameters/B' }
    B: { $ref: '#/components/parameters/A' }
  responses:
    Item: { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } }
  schemas:
    Status: { type: string, enum: [new, sold] }
    Item:
      type: object
      properties:
        id: { type: integer }
        name: { type: string }
        parts: { type: array, items: { $ref: '#/components/schemas/Item' } }
    Tree: { type: object, properties: { left: { $ref: '#/components/schemas/Tree' }, label: { type: string } } }
`

const noFlaw = (): undefined => undefined

const operation = (id: string) =>
  importOperation(readOpenApi(shop), { id, anyway: nothing, flawOf: noFlaw })

test('an operation becomes an endpoint, with its parameters and what it gives', async () => {
  const { endpoint, parameters, title, description } = operation('listItems')
  expect({ title, description }).toEqual({
    title: 'Items of the shop',
    description: 'Items of the shop. Newest first.\nGives [{id: integer, name, parts: [any]}].',
  })
  expect(endpoint).toMatchObject({ method: 'GET', path: '/items', query: '' })
  expect(parameters).toEqual({
    tenant: {
      isOptional: false,
      place: { in: 'query', name: 'tenant', style: 'form', explode: true },
      schema: { type: 'string', format: 'uuid' },
    },
    status: {
      isOptional: true,
      place: { in: 'query', name: 'status', style: 'form', explode: true },
      schema: { type: 'array', items: { type: 'string', enum: ['new', 'sold'] } },
    },
    ids: {
      isOptional: true,
      place: { in: 'query', name: 'ids', style: 'form', explode: false },
      schema: {
        type: 'array',
        items: { type: 'integer' },
        description: 'See ids. Default: [1].',
      },
    },
    filter_color: {
      isOptional: true,
      place: { in: 'query', name: 'filter[color]', style: 'form', explode: true },
      schema: { type: ['string', 'null'], enum: ['red', 'blue', null] },
    },
    range: {
      isOptional: true,
      place: { in: 'query', name: 'range', style: 'deepObject', explode: true },
      schema: { type: 'object', properties: { from: { type: 'integer', exclusiveMinimum: 0 } } },
    },
    X_Request_Id: {
      isOptional: true,
      place: { in: 'header', name: 'X-Request-Id', style: 'simple', explode: false },
      schema: { type: 'string' },
    },
    where: {
      isOptional: true,
      place: { in: 'query', name: 'where', style: 'json', explode: false },
      schema: { type: 'object' },
    },
  })
  const { flawOf } = await loadJsonSchemas()
  expect(Object.values(parameters).map(({ schema }) => flawOf(schema))).toEqual(
    Object.values(parameters).map(() => undefined),
  )
})

test('references within the document are followed, and one without an id goes by method and path', () => {
  expect(operation('GET /items/{itemId}')).toMatchObject({
    description: 'GET /items/{itemId}\nGives {id: integer, name, parts: [any]}.',
    endpoint: { path: '/items/{itemId}' },
    parameters: { itemId: { isOptional: false, schema: { type: 'integer', minimum: 1 } } },
  })
})

test('a schema that holds itself is published once, and anything fits below', () => {
  expect(operation('tree').parameters['tree']?.schema).toEqual({
    type: 'object',
    properties: { left: {}, label: { type: 'string' } },
  })
})

test('what the config sends by itself is not asked for', () => {
  const { parameters } = importOperation(readOpenApi(shop), {
    id: 'listItems',
    anyway: { headers: ['x-request-id'], query: ['tenant'] },
    flawOf: noFlaw,
  })
  expect(Object.keys(parameters)).toEqual(['status', 'ids', 'filter_color', 'range', 'where'])
})

test.each([['listItem', /no operation of that name\. Did you mean "listItems"\?/]])(
  '%s is no operation that is served',
  (id, message) => {
    expect(() => operation(id)).toThrow(OperationFlaw)
    expect(() => operation(id)).toThrow(message)
  },
)

test.each([
  ['remote', 'refers to another document', "$ref: 'https://evil.example/p.yaml#/P'"],
  ['file', 'refers to another document', "$ref: './other.yaml#/A'"],
  ['lost', 'there is no #/components/parameters/None', '$ref: '],
  ['circle', 'lead in a circle', ''],
  ['unfilled', 'no parameter says what {id} of the path is', ''],
  ['session', 'the parameter s is required, and a cookie parameter is not served', ''],
])('%s is refused where it stands', (id, message) => {
  let flaw: unknown
  try {
    operation(id)
  } catch (error) {
    flaw = error
  }
  expect(flaw).toBeInstanceOf(OpenApiFlaw)
  const { path, message: told } = flaw as OpenApiFlaw
  expect(told).toContain(message)
  const { lines, span } = locate(shop, path)
  const { line } = lines.linePos(span[0])
  expect(line).toBeGreaterThan(30)
})

test('3.1 is read, and JSON as well as YAML', () => {
  const document = {
    openapi: '3.1.0',
    paths: {
      '/a': {
        get: {
          operationId: 'a',
          parameters: [
            {
              name: 'n',
              in: 'query',
              schema: { type: ['integer', 'null'], exclusiveMinimum: 3, examples: [4], const: 5 },
            },
          ],
        },
      },
    },
  }
  const { parameters } = importOperation(readOpenApi(JSON.stringify(document)), {
    id: 'a',
    anyway: nothing,
    flawOf: noFlaw,
  })
  expect(parameters['n']?.schema).toEqual({
    type: ['integer', 'null'],
    const: 5,
    exclusiveMinimum: 3,
    examples: [4],
  })
})

test.each([
  ['swagger: "2.0"', 'Swagger 2.0'],
  ['openapi: 4.0.0', 'expected openapi'],
  ['title: x', 'expected openapi'],
  ['[1]', 'no OpenAPI document'],
  ['{', 'neither YAML nor JSON'],
  ['', 'no OpenAPI document'],
  [`openapi: 3.0.0\na: &a [x]\n${'b: [*a, *a]\n'.repeat(600)}`, 'anchors'],
])('what is no document is not read: %j', (text, message) => {
  expect(() => readOpenApi(text)).toThrow(OpenApiFlaw)
  expect(() => readOpenApi(text)).toThrow(message)
})

test('a name of every object does not stand for one', () => {
  const document = readOpenApi(
    JSON.stringify({
      openapi: '3.0.0',
      paths: {
        '/a': {
          get: { operationId: 'a', parameters: [{ $ref: '#/constructor/prototype' }] },
        },
      },
    }),
  )
  expect(() => importOperation(document, { id: 'a', anyway: nothing, flawOf: noFlaw })).toThrow(
    'there is no #/constructor',
  )
})
