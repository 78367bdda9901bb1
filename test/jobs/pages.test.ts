import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPages } from '../../dist/jobs/pages.js'
import { anyString } from '../support/any-string.ts'

const answers = fc.record({
  columns: fc.constant(['a']),
  rows: fc.array(fc.array(anyString({ maxLength: 60 }), { maxLength: 3 })),
  truncated: fc.constant(false),
})

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

interface Page {
  readonly rows: readonly unknown[]
  readonly next_cursor?: string
}

test('pages hold all rows in order, each says where the next is, and none is larger than a row must be', () => {
  fc.assert(
    fc.property(answers, fc.integer({ min: 100, max: 2000 }), (answer, pageBytes) => {
      const pages = toPages(JSON.stringify(answer), pageBytes).map(
        (page) => JSON.parse(page) as Page,
      )
      expect(pages.flatMap(({ rows }) => rows)).toEqual(answer.rows)
      const last = pages.length - 1
      expect(pages.map(({ next_cursor: next }) => next)).toEqual(
        pages.map((_page, index) => (index < last ? String(index + 1) : undefined)),
      )
      const large = pages.filter(({ rows }) => rows.length > 1 && bytesOf(rows) > pageBytes + 1)
      expect(large).toEqual([])
    }),
  )
})

test('an answer without rows is one page, however long', () => {
  const text = JSON.stringify({ schema: 'x'.repeat(1000) })
  expect(toPages(text, 100)).toEqual([text])
})
