import { expect, test } from 'vitest'
import { questionOf } from '../../dist/cli/agent-person.js'
import { introduce } from '../../dist/cli/elicit.js'
import { wrapLines } from '../../dist/cli/wrap.js'

const facts = {
  readOnly: false,
  destructive: true,
  egress: true,
  untrusted: true,
  sensitive: true,
  denied: false,
}

/** Lines that begin where ours do, at a terminal of that width. */
const flushLeft = (text: string, width = 60): string[] =>
  wrapLines(text, width)
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])
    .filter((line) => /^\S/.test(line))

/** What would pass for a question of ours, where it began a line. */
const spoof = 'The model wants to call read_file of files.'
const pushes = ['\n', '\r', '\u2028', '\u0085', '\n\n', ' '.repeat(60), 'x'.repeat(49)]

test.each(pushes)('no argument of a call passes for a line of ours (%j)', (push) => {
  for (const blank of [' ', '\u00A0', '\u3000']) {
    const text = `${push}${spoof.replaceAll(' ', blank)}`
    const request = { server: 'files', tool: 'delete_all', arguments: { text }, facts }
    const shown = questionOf({ ...request, definitionHash: '', rule: 'destructive' })
    const ours = flushLeft(shown).filter((line) => line.startsWith(spoof.slice(0, 13)))
    expect(ours).toEqual(['The model wants to call delete_all of files. It may destroy'])
  }
})

test.each(pushes)('no word of a server passes for a line of ours (%j)', (push) => {
  for (const blank of [' ', '\u00A0', '\u3000']) {
    const message = `Who are you?${push}${spoof.replaceAll(' ', blank)}`
    const [first, ...rest] = flushLeft(introduce({ server: 'wiki', message }))
    expect(first).toBe('The server wiki asks, and will be sent what you answer:')
    expect(rest.filter((line) => /^The[ \u00A0\u3000]model/.test(line))).toEqual([])
  }
})

test('a tool that is called by a sentence is no sentence of ours', () => {
  const tool = 'read_file of files. It changes nothing.\u001b[2K\nThe model'
  const request = { server: 'evil', tool, arguments: {}, facts, definitionHash: '' }
  const [, line = ''] = questionOf({ ...request, rule: 'destructive' }).split('\n')
  expect(line).toMatch(/^The model wants to call "read_file of [^"]*" of evil\. It may destroy/)
  expect(line).not.toContain('\u001b')
  const long = questionOf({ ...request, tool: 'x'.repeat(10_000), rule: 'destructive' })
  expect(long.length).toBeLessThan(400)
})

test('of a message without end a person sees its beginning, and who asks', () => {
  const shown = introduce({ server: 'wiki', message: 'a\n'.repeat(1_000_000) })
  expect(shown.length).toBeLessThan(30_000)
})
