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

const source = (keys: string): string =>
  `sources:\n  billing:\n    url: https://billing.example/v2\n    ${keys}\n`

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

const writingTool = (keys: string): string =>
  tool(`effect: write\n    ${keys}`).replace('openapi:', 'writable: true, openapi:')

test.each([
  ['request: GET /a', '9:14 GET changes nothing: effect: write does not'],
  ['operation: listInvoices', '9:16 listInvoices: GET changes nothing'],
  ['request: POST /a\n    affected: 2', '10:5 this is for databases'],
  ['request: POST /a\n    cache: 5m', '10:5 this is for databases'],
  ['request: POST /a\n    parameters: { t: { in: header, as: content-type } }', 'the body is JSON'],
  ['request: POST /a\n    parameters: { t: { in: header, as: Authorization } }', 'no header that'],
  ['request: POST /a\n    parameters: { a: {}, b: { as: a } }', 'the body has this already'],
  ['request: PUT /a/{id}\n    parameters: { id: { in: body } }', 'can go nowhere else'],
])('a tool that changes something at an API is refused: %s', async (keys, message) => {
  const { mistakes, config } = await examine(writingTool(keys))
  expect(config).toBeUndefined()
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toContain(message)
})

test('a tool that changes something at an API is written down with its place for each value', async () => {
  const { config, mistakes } = await examine(
    writingTool(
      'request: PATCH /a/{id}?x=1\n    parameters: { id: {}, sku: { as: item-sku }, page: { in: query }, t: { in: header, as: X-T } }',
    ),
  )
  expect(mistakes).toEqual([])
  const { method, places } = config?.apis[0]?.tools[0]?.endpoint ?? {}
  expect(method).toBe('PATCH')
  expect(Object.values(places ?? {}).map((one) => [one.in, one.name])).toEqual([
    ['path', 'id'],
    ['body', 'item-sku'],
    ['query', 'page'],
    ['header', 'X-T'],
  ])
  const operation = await examine(writingTool('operation: addInvoice'))
  expect(operation.config?.apis[0]?.tools[0]?.endpoint.method).toBe('POST')
})

test('an operation that changes something is never a tool by being in a list', async () => {
  const { mistakes } = await examine(
    source('writable: true\n    openapi: ./billing.yaml\n    operations: [addInvoice]'),
  )
  expect(mistakes).toEqual([
    '6:18 addInvoice: POST may change something: it is served as one of `tools`, with `operation` and effect: write.',
  ])
})

test.each([
  ['https://billing.example', '{ url: https://other.example }', 'of an API this is `true`'],
  ['https://billing.example', 'false', 'expected { url: … } of a database, or true of an API'],
  ['sqlite:./shop.db', 'true', 'of a database this is { url: … }'],
])('%s is not writable by %s', async (url, writable, message) => {
  const { mistakes } = await examine(`sources: { a: { url: '${url}', writable: ${writable} } }\n`)
  expect(mistakes.join('\n')).toContain(message)
})

test('what variables put into the path of a URL is shown to nobody', async () => {
  const { config } = await examine(`sources:
  a: { url: 'https://billing.example/v2' }
  b: { url: '\${BILLING_URL}' }
  c: { url: 'https://billing.example/hooks/\${BILLING_TOKEN}' }
`)
  expect(config?.apis.map(({ shownUrl }) => shownUrl)).toEqual([
    'https://billing.example/v2',
    'https://billing.example/…',
    'https://billing.example/…',
  ])
})
