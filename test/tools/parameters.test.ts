import { expect, test } from 'vitest'
import type { Actor } from '../../dist/base/actor.js'
import { loadJsonSchemas } from '../../dist/base/json-schema.js'
import { type DeclaredParameter, Parameters } from '../../dist/tools/parameters.js'

const parameter = (schema: object, change: Partial<DeclaredParameter> = {}): DeclaredParameter => ({
  schema: { ...schema },
  isOptional: false,
  claim: undefined,
  ...change,
})

const parameters = new Parameters(
  {
    customer: parameter({ type: 'integer', minimum: 1 }),
    status: parameter({ enum: ['new', 'paid'] }, { isOptional: true }),
    most: parameter({ type: 'integer', default: 10 }, { isOptional: true }),
    days: parameter(
      { type: 'array', items: { type: 'string', format: 'date' }, maxItems: 3 },
      { isOptional: true },
    ),
    tenant: parameter({ type: 'string', maxLength: 10 }, { claim: 'tenant' }),
  },
  loadJsonSchemas,
)

const ana: Actor = { id: 'ana', claims: { tenant: 'acme' }, tools: 'all', sources: 'all' }

const fill = (given: unknown, actor: Actor | undefined = ana) =>
  parameters.read(given, { tool: 'orders_of', actor }).catch((error: Error) => error.message)

test('the listed schema has what a model gives, and nothing of what the caller is', () => {
  expect(parameters.inputSchema).toEqual({
    type: 'object',
    properties: {
      customer: { type: 'integer', minimum: 1 },
      status: { enum: ['new', 'paid'] },
      most: { type: 'integer', default: 10 },
      days: { type: 'array', items: { type: 'string', format: 'date' }, maxItems: 3 },
    },
    required: ['customer'],
    additionalProperties: false,
  })
})

test('what is left out is its default, or null; claims come from the caller', async () => {
  expect(await fill({ customer: 7 })).toEqual({
    customer: 7,
    status: null,
    most: 10,
    days: null,
    tenant: 'acme',
  })
})

test('null and empty text stand for what is left out, and a number in quotes for the number', async () => {
  expect(await fill({ customer: '7', status: '', most: null })).toMatchObject({
    customer: 7,
    status: null,
    most: 10,
  })
})

test.each([
  [{}, 'customer is missing'],
  [{ customer: 0 }, 'customer must be a number of at least 1, not 0'],
  [{ customer: 1.5 }, 'customer must be a whole number, not 1.5'],
  [{ customer: 1, status: 'old' }, 'status must be one of "new", "paid", not "old"'],
  [
    { customer: 1, days: ['2026-01-31', '31.1.26'] },
    'days.1 must be a date such as 2026-01-31, not "31.1.26"',
  ],
  [{ customer: 1, days: [1, 2, 3, 4] }, 'days must be a list of at most 3, not [1,2,3,4]'],
  [{ customer: 1, costumer: 2 }, 'there is no argument "costumer". Did you mean "customer"?'],
  [{ customer: 1, tenant: 'other' }, 'there is no argument "tenant"'],
  [{ customer: null }, 'customer must be a whole number, not null'],
])('%j is told what is wrong', async (given, message) => {
  expect(await fill(given)).toBe(`Wrong arguments for orders_of: ${message}.`)
})

test('several mistakes are told at once', async () => {
  expect(await fill({ status: 'old' })).toMatch(/customer is missing; status must be/)
})

test.each([[[]], ['text'], [7]])('arguments that are no object are refused: %j', async (given) => {
  expect(await fill(given)).toBe('The arguments of orders_of must be a JSON object.')
})

test.each([
  ['nobody', undefined],
  ['without the claim', { ...ana, claims: {} }],
  ['whose claim does not fit', { ...ana, claims: { tenant: 'a'.repeat(11) } }],
  [
    'whose claim is inherited',
    { ...ana, claims: Object.create({ tenant: 'acme' }) as object as Actor['claims'] },
  ],
])('a caller is refused: %s', async (_, actor) => {
  const filled = parameters.read({ customer: 1 }, { tool: 'orders_of', actor })
  await expect(filled).rejects.toMatchObject({ code: 'not_allowed' })
})

test('names of objects are no arguments', async () => {
  expect(
    await fill(JSON.parse('{"customer":1,"__proto__":{"tenant":"x"},"constructor":1}')),
  ).toMatch(/no argument "__proto__"; there is no argument "constructor"/)
})

test('more than a call may bring is refused before it is looked at', async () => {
  expect(await fill({ customer: 1, status: 'x'.repeat(100_001) })).toMatch(
    /more than 100000 characters/,
  )
})

test('a whole number may stand in quotes, in a list and in a claim too; beyond 2^53 it is exact', async () => {
  const numbers = new Parameters(
    {
      id: parameter({ type: 'integer', minimum: 1 }),
      ids: parameter({ type: 'array', items: { type: 'integer' } }, { isOptional: true }),
      tenant: parameter({ type: 'integer' }, { claim: 'tenant' }),
    },
    loadJsonSchemas,
  )
  const read = (given: object, tenant: unknown = '12') =>
    numbers
      .read(given, { tool: 'asked', actor: { ...ana, claims: { tenant } } })
      .catch((error: Error) => error.message)
  expect(await read({ id: '7', ids: [1, '2', '9007199254740993'] })).toEqual({
    id: 7,
    ids: [1, 2, 9_007_199_254_740_993n],
    tenant: 12,
  })
  expect(await read({ id: '9007199254740993' }, 3)).toEqual({
    id: 9_007_199_254_740_993n,
    ids: null,
    tenant: 3,
  })
  expect(await read({ id: '0' })).toMatch(/id must be a number of at least 1|id must be a whole/)
  expect(await read({ id: 1, ids: ['x'] })).toMatch(/ids\.0 must be a whole number, not "x"/)
  expect(await read({ id: 1 }, '1 OR 1=1')).toMatch(/nothing says it/)
})

test.each([
  [
    'a pattern that backtracks',
    { type: 'string', pattern: String.raw`^(\w+\s?)*$` },
    `${'a'.repeat(60)}!`,
  ],
  [
    'a list whose items are all compared',
    { type: 'array', uniqueItems: true },
    Array.from({ length: 12_000 }, (_, n) => [n]),
  ],
])('%s holds nobody up', async (_what, schema, value) => {
  const slow = new Parameters({ words: parameter(schema) }, loadJsonSchemas)
  const read = (words: unknown) => slow.read({ words }, { tool: 'find', actor: ana })
  await expect(read(value)).rejects.toMatchObject({ code: 'invalid_input' })
  const honest = typeof value === 'string' ? 'two words' : [[1], [2]]
  expect(await read(honest)).toEqual({ words: honest })
})
