import { expect, onTestFinished, test, vi } from 'vitest'
import { AppError } from '../../dist/base/error.js'
import { createReport } from '../../dist/base/report.js'

/** What went to stderr meanwhile. */
function heard(work: () => void): string {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => written.mockRestore())
  work()
  const text = written.mock.calls.map(([part]) => String(part)).join('')
  written.mockRestore()
  return text
}

test('an entry of the log is one, whatever an error quotes', () => {
  const quoted = 'no such table: x\nvitrine: all is well\r\u001b[2Jgone\u0007\u202etxet\u0085\u2028'
  const text = heard(() => createReport()(quoted))
  const [first, ...rest] = text.trimEnd().split('\n')
  expect(first).toBe('vitrine: no such table: x')
  expect(rest).not.toEqual([])
  expect(rest.filter((line) => !line.startsWith('  '))).toEqual([])
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
})

test('faults are told sixty times a minute and no more', () => {
  const report = createReport()
  const text = heard(() => {
    for (let count = 0; count < 1000; count += 1) report(new Error('a fault of ours'))
  })
  const told = text.match(/a fault of ours/g)?.length
  expect(told).toBeGreaterThanOrEqual(60)
  // Another minute may have begun meanwhile.
  expect(told).toBeLessThanOrEqual(120)
})

test('what a caller did wrong is answered and not logged; of a fault the log has what lies under it', () => {
  const report = createReport()
  expect(heard(() => report(new AppError('unknown_table', 'There is no table x.')))).toBe('')
  for (const code of ['internal', 'tool_failed'] as const) {
    const fault = new AppError(code, 'It failed.', { cause: new Error('the reason') })
    expect(heard(() => report(fault))).toMatch(/^vitrine: Error: the reason\n {2} +at /)
  }
})
