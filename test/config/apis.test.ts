import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Config } from '../../dist/config/config.js'
import { examineConfig } from '../../dist/config/load.js'
import { scratchFolder } from '../support/scratch.ts'

const openapi = `openapi: 3.0.0
paths:
  /invoices:
    get:
      operationId: listInvoices
      summary: All invoices
      parameters:
        - { name: tenant, in: query, required: true, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
    post: { operationId: addInvoice }
  /invoices/{id}:
    get:
      operationId: getInvoice
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { $ref: 'https://elsewhere.example/x.yaml#/p' }
`

async function examine(yaml: string): Promise<{ config?: Config; mistakes: string[] }> {
  const folder = scratchFolder()
  const path = join(folder, 'vitrine.yaml')
  writeFileSync(path, yaml)
  writeFileSync(join(folder, 'billing.yaml'), openapi)
  const env = { BILLING_TOKEN: 'sesame-123', BILLING_URL: 'https://billing.example/v2' }
  const { config, mistakes } = await examineConfig(path, env)
  return {
    ...(config && { config }),
    mistakes: mistakes.map(({ file, line, column, message }) => {
      const where = file.endsWith('vitrine.yaml') ? '' : `${file}:`
      return `${where}${line}:${column} ${message}`
    }),
  }
}

test('an API is read with its tools, and nothing of it is a database', async () => {
  const { config, mistakes } = await examine(`sources:
  shop: { url: 'sqlite:./shop.db' }
  billing:
    url: \${BILLING_URL}/
    description: Invoices
    headers: { Authorization: 'Bearer \${BILLING_TOKEN}', X-User: '{claim:sub}', Accept: application/json }
    query: { api_key: inline-key, lang: en }
    hosts: ['https://files.example']
    private_addresses: [10.1.0.0/16]
    limits: { timeout: 2s, rows: 20, response: 1MB, concurrent: 2 }
    openapi: ./billing.yaml
    operations: [listInvoices]
tools:
  invoice:
    description: One invoice
    source: billing
    request: GET /invoices/{invoice-id}?expand=lines
    parameters:
      id: { type: integer, as: invoice-id }
      trace: { type: string, in: header, as: X-Trace, optional: true }
      lang_code: { type: string, default: en }
    select: '{id: id}'
    rows: 5
  mine:
    description: Invoices of my tenant
    source: billing
    operation: listInvoices
    parameters: { tenant: { claim: tenant }, status: { enum: [paid] } }
`)
  expect(mistakes).toEqual([])
  expect(config?.sources.map(({ name }) => name)).toEqual(['shop'])
  expect(config?.tools).toEqual([])
  const [api] = config?.apis ?? []
  expect(api).toMatchObject({
    name: 'billing',
    url: 'https://billing.example/v2',
    headers: { Authorization: 'Bearer sesame-123', 'X-User': '{claim:sub}' },
    secrets: ['Bearer sesame-123', 'inline-key'],
    hosts: ['https://files.example'],
    privateAddresses: ['10.1.0.0/16'],
    limits: { timeoutMs: 2000, items: 20, responseBytes: 1_000_000, concurrency: 2 },
  })
  const [invoice, mine, imported] = api?.tools ?? []
  expect(invoice).toMatchObject({
    name: 'invoice',
    select: '{id: id}',
    rows: 5,
    endpoint: {
      method: 'GET',
      path: '/invoices/{invoice-id}',
      query: 'expand=lines',
      places: {
        id: { in: 'path', name: 'invoice-id' },
        trace: { in: 'header', name: 'X-Trace' },
        lang_code: { in: 'query', name: 'lang_code' },
      },
    },
    parameters: { id: { schema: { type: 'integer' }, isOptional: false } },
  })
  expect(mine?.parameters).toEqual({
    tenant: { schema: { type: 'string' }, isOptional: false, claim: 'tenant' },
    status: { schema: { type: 'string', enum: ['paid'] }, isOptional: true, claim: undefined },
  })
  expect(imported).toMatchObject({ name: 'billing_list_invoices', description: 'All invoices.' })
})

const source = (keys: string): string =>
  `sources:\n  billing:\n    url: https://billing.example/v2\n    ${keys}\n`

test.each([
  ['tables: [a]', /^4:5 this is for databases\. What is open of an API/],
  ['identity: { app.user: sub }', /^4:5 this is for databases/],
  ['limits: { memory: 1GB }', /^4:15 this limit is for databases/],
  ['limits: { cost: 7 }', /^4:15 this limit is for databases/],
  ['operations: [a]', /^4:5 this names operations of a document/],
  ['headers: { Host: a }', /^4:16 this header is set by the connection itself/],
  ['headers: { "X Y": a }', /^4:16 this is no name of a header/],
  ['headers: { X: "a\\r\\nY: b" }', /^4:19 expected printable ASCII/],
  ['headers: { X: "{claims:sub}" }', /^4:19 expected a claim as \{claim:sub\}/],
  ['headers: { X: "${NOBODY_SET_THIS}" }', /^4:20 the environment variable NOBODY_SET_THIS/],
  ['hosts: [http://files.example]', /expected an origin such as https/],
  ['hosts: [https://files.example/path]', /expected an origin/],
  ['private_addresses: false', /expected true, or a list/],
  ['private_addresses: [10.0.0.0/0]', /expected true, or a list|expected an address/],
  ['openapi: ./none.yaml', /there is no such file/],
  ['{ openapi: ./billing.yaml', /not YAML/],
])('a mistake in an API is told where it is: %s', async (keys, message) => {
  const { mistakes } = await examine(source(keys))
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(message)
})

test.each([
  ['http://billing.example', /^1:28 expected https: without it, whoever is on the way reads along/],
  ['https://user:pass@billing.example', /credentials belong in `headers`/],
  ['https://billing.example?key=1', /what every query holds belongs in `query`/],
  ['https://billing.example#x', /a fragment is never sent/],
  ['https://billing.example/%2e%2e', /its path has dots/],
  ['https://', /it cannot be read/],
  ['ftp://billing.example', /no driver for ftp: .* and https: for an API/],
])('a URL that is none is refused, and nothing of it is told: %s', async (url, message) => {
  const { mistakes } = await examine(`sources: { billing: { url: '${url}' } }\n`)
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(message)
  expect(mistakes[0]).not.toMatch(/pass|key=1/)
})

test('http: goes with a private network, and a database has no headers', async () => {
  const local = await examine(
    `sources: { b: { url: 'http://127.0.0.1:8080', private_addresses: true } }\n`,
  )
  expect(local.config?.apis[0]?.privateAddresses).toBe('private')
  const { mistakes } = await examine(
    `sources: { b: { url: 'sqlite:./a.db', headers: { A: b }, private_addresses: true, limits: { response: 1MB } } }\n`,
  )
  expect(mistakes.map((one) => one.replace(/^\S+ /, ''))).toEqual([
    'this is for APIs, whose URL begins with https:, and this source is a database.',
    'this is for APIs, whose URL begins with https:, and this source is a database.',
    'this limit is for APIs.',
  ])
})

const tool = (keys: string): string =>
  `sources:
  billing: { url: 'https://billing.example', openapi: ./billing.yaml, headers: { X-Key: abc }, query: { key: abc } }
  shop: { url: 'sqlite:./shop.db' }
tools:
  invoice:
    description: x
    source: billing
    ${keys}
`

test.each([
  ['sql: select 1', 'this is for databases; an API is asked with'],
  ['title: x', 'missing. Expected a method and a path'],
  ['{ request: GET /a, operation: b }', 'not YAML'],
  ['request: POST /invoices', '8:14 POST may change something: it goes with effect: write'],
  ['request: DELETE /invoices/1', 'DELETE may change something'],
  ['request: TRACE /invoices', 'TRACE is not served: expected GET, HEAD, POST'],
  ['request: POST /invoices\n    effect: write', '9:13 the source billing is not writable'],
  ['request: POST /invoices\n    effect: read', 'POST may change something'],
  ['request: GET /a\n    parameters: { id: { in: body } }', 'GET has no body'],
  ['request: get /invoices', 'expected a method and a path'],
  ['request: GET /a/../b', 'expected a method and a path'],
  ['request: GET //evil.example/a', 'expected a method and a path'],
  ['request: GET /invoices/{id}', 'expected a parameter for {id}'],
  ['request: GET /a/{id}\n    parameters: { id: { optional: true } }', 'cannot be left out'],
  ['request: GET /a/{id}\n    parameters: { id: { in: query } }', 'can go nowhere else'],
  [
    'request: GET /a\n    parameters: { id: { in: cookie } }',
    'expected "query" or "header" or "body"',
  ],
  ['request: GET /a\n    parameters: { Host: { in: header } }', 'no header that a call may set'],
  [
    'request: GET /a\n    parameters: { a: { in: header, as: x-key } }',
    'sends this header already',
  ],
  ['request: GET /a\n    parameters: { key: { type: string } }', 'the query has this already'],
  ['request: GET /a?b=1\n    parameters: { b: { type: string } }', 'the query has this already'],
  ['request: GET /a\n    select: "lines["', 'this is no JMESPath'],
  ['operation: nothing', 'the document has no operation of that name'],
  ['operation: addInvoice', '8:16 addInvoice: POST may change something: it goes with effect'],
  ['operation: listInvoices\n    parameters: { stats: {} }', 'Did you mean "status"?'],
  ['operation: getInvoice', 'billing.yaml:16:19 this refers to another document'],
])('a tool that an API cannot answer is refused: %s', async (keys, message) => {
  const { mistakes, config } = await examine(tool(keys))
  expect(config).toBeUndefined()
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toContain(message)
})

test.each([
  ['request: GET /a', 'this is for APIs, and the source is a database.'],
  ['sql: select 1\n    select: a', 'this is for APIs, and the source is a database.'],
  ['sql: select :a\n    parameters: { a: { in: header } }', 'this is for APIs'],
])('what is for APIs is a mistake on a database: %s', async (keys, message) => {
  const { mistakes } = await examine(tool(keys).replace('source: billing', 'source: shop'))
  expect(mistakes.join('\n')).toContain(message)
})

test('two tools of one name are refused, whoever made them', async () => {
  const { mistakes } = await examine(`sources:
  billing: { url: 'https://billing.example', openapi: ./billing.yaml, operations: [listInvoices] }
tools:
  billing_list_invoices: { description: x, source: billing, request: GET /a }
`)
  expect(mistakes).toEqual([
    '2:84 there is a tool billing_list_invoices already. In `tools`, with `operation`, it can have another name.',
  ])
})

test('an operation that is named twice, or not there, is told by its place in the list', async () => {
  const { mistakes } = await examine(
    source('openapi: ./billing.yaml\n    operations: [listInvoices, listInvoices, listInvoice]'),
  )
  expect(mistakes).toEqual([
    '5:32 there is a tool billing_list_invoices already. In `tools`, with `operation`, it can have another name.',
    '5:46 the document has no operation of that name. Did you mean "listInvoices"?',
  ])
})

test('no credential is in the lines of the file that a mistake shows', async () => {
  const path = join(scratchFolder(), 'vitrine.yaml')
  const lines = [
    'sources:',
    '  billing:',
    '    url: https://billing.example',
    '    headers:',
    '      Authorization: Bearer first-secret',
    '      "X-Api-Key": "second-secret"',
    '    query: { access_token: third-secret }',
    '    hedders: {}',
  ]
  for (const order of [lines, lines.toSpliced(4, 2).concat(lines.slice(3, 6))]) {
    writeFileSync(path, `${order.join('\n')}\n`)
    const { mistakes } = await examineConfig(path, {})
    expect(mistakes.length).toBeGreaterThan(0)
    expect(JSON.stringify(mistakes)).not.toMatch(/secret/)
  }
})
