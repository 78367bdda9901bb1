import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { AppError, errorCatalogue, toAppError, toErrorAnswer } from '../dist/base/error.js'
import { makeDatabase } from './support/scratch.ts'
import { RawServer } from './support/serve.ts'

const page = readFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), 'utf8')

test.each(Object.entries(errorCatalogue))(
  '%s stands in docs/errors.md, with what to do',
  (code, { retryable, remedy }) => {
    const line = page.split('\n').find((row) => row.startsWith(`| \`${code}\` |`))
    expect(line).toMatch(new RegExp(`\\| ${retryable ? 'yes' : 'no'} \\|$`))
    expect(remedy).toMatch(/\.$/)
  },
)

test('docs/errors.md lists no code that is not in the catalogue', () => {
  const listed = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)
  expect(listed).toEqual(Object.keys(errorCatalogue))
})

test('an error without a hint of its own has the remedy of its code', () => {
  expect(toErrorAnswer(new AppError('timed_out', 'Too slow.')).error).toEqual({
    code: 'timed_out',
    message: 'Too slow.',
    hint: errorCatalogue.timed_out.remedy,
    retryable: false,
  })
})

test('an error that echoes a long name stays short', () => {
  const { error } = toErrorAnswer(
    new AppError('unknown_table', `There is no table ${'😀'.repeat(50_000)}.`, {
      hint: 'x'.repeat(50_000),
      subject: 'y'.repeat(50_000),
    }),
  )
  expect(JSON.stringify(error).length).toBeLessThan(8000)
  expect(error.message).toMatch(/^There is no table (?:😀)+…$/u)
})

test('what is not an AppError tells nothing of itself', () => {
  const answer = JSON.stringify(toErrorAnswer(toAppError(new Error('postgres://user:secret@host'))))
  expect(answer).not.toMatch(/secret|postgres/)
})

test('a client is told no path, neither of a file that is gone nor of the one beside it', async () => {
  const path = makeDatabase('SELECT 1')
  const server = new RawServer(path)
  await server.initialize()
  await server.query(1, 'SELECT 1')
  const { renameSync } = await import('node:fs')
  renameSync(path, path.replace('test.db', 'tests.db'))
  const answer = JSON.stringify(await server.query(2, 'SELECT 1'))
  expect(answer).toMatch(/source_unavailable/)
  expect(answer).not.toMatch(/test|\//)
})
