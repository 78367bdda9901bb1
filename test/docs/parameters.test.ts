import { expect, test } from 'vitest'
import { toParameterRows } from '../../dist/docs/parameters.js'
import { toSampleArguments } from '../../dist/docs/sample-arguments.js'

test('what is nested is told with its place, and a schema that refers to itself has an end', () => {
  const schema = {
    type: 'object',
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    properties: {
      filter: {
        type: 'object',
        required: ['from'],
        properties: {
          from: { type: 'string', format: 'date' },
          tags: {
            type: 'array',
            items: { type: 'object', properties: { n: { type: 'integer' } } },
          },
        },
      },
      node: { $ref: '#/$defs/node' },
      either: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      nothing: true,
    },
  }
  const rows = toParameterRows(schema)
  const told = Object.fromEntries(
    rows.map(({ name, type, isRequired }) => [name, [type, isRequired]]),
  )
  expect(told).toMatchObject({
    'filter.from': ['date, such as 2026-01-31', true],
    'filter.tags': ['list of object', false],
    'filter.tags[].n': ['whole number', false],
    'node.next.next': ['object', false],
    either: ['whole number or text', false],
    nothing: ['any value', false],
  })
  expect(rows.length).toBeLessThan(20)
})

test('arguments to begin with are of the form that the schema asks for', () => {
  const schema = {
    type: 'object',
    required: ['day', 'id', 'state', 'list', 'inner'],
    properties: {
      day: { type: 'string', format: 'date' },
      id: { type: 'integer', minimum: 5 },
      state: { enum: ['new'] },
      list: { type: 'array', items: { type: 'boolean' } },
      inner: { type: 'object', required: ['a'], properties: { a: { const: 1 } } },
      left: { type: 'string' },
    },
  }
  expect(toSampleArguments(schema)).toEqual({
    day: '2026-01-31',
    id: 5,
    state: 'new',
    list: [true],
    inner: { a: 1 },
  })
})
