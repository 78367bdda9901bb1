/** Commands, as pages write them and as they are. */
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../dist/cli/program.js'
import { createTerminal } from '../../dist/cli/terminal.js'
import { blocksOf, isRun, pages, readPage } from '../support/page.ts'

const program = createProgram({ terminal: createTerminal(), json: false }, () => undefined)

/** Those that do something, each with the words that call it. */
const commands = leavesOf(program)

function leavesOf(command: Command, words: readonly string[] = []): [string, Command][] {
  const inner = command.commands.flatMap((one) => leavesOf(one, [...words, one.name()]))
  return inner.length > 0 ? inner : [[words.join(' '), command]]
}

test('every command and every flag stands in docs/cli.md', () => {
  const page = readPage('docs/cli.md')
  expect(commands.length).toBeGreaterThan(20)
  const words = commands.flatMap(([name, { options }]) => [
    `vitrine ${name}`,
    ...options.map(({ long }) => long ?? ''),
  ])
  expect(words.filter((word) => !page.includes(word))).toEqual([])
})

const written = pages.flatMap((page) =>
  blocksOf(page)
    .filter((block) => block.language === 'sh' && !isRun(block))
    .flatMap(({ place, text }) => {
      const lines = text.replaceAll('\\\n', ' ').split('\n')
      return lines
        .filter((line) => line.startsWith('vitrine '))
        .map((line) => [place, line] as const)
    }),
)

test.each(written)('%s: the command that nothing runs is one: %s', (_place, line) => {
  const words = wordsOf(line)
  const found = commands.find(([name]) => words.slice(0, name.split(' ').length).join(' ') === name)
  if (found === undefined) throw new Error('There is no such command.')
  const [name, command] = found
  const rest = words.slice(name.split(' ').length)
  const flags = rest.filter((word) => word.startsWith('--'))
  const known = command.options.map(({ long }) => long)
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
  const valued = command.options.filter((option) => !option.isBoolean()).map(({ long }) => long)
  const given = rest.filter((word, at) => !word.startsWith('--') && !valued.includes(rest[at - 1]))
  const { registeredArguments: wanted } = command
  expect(given.length).toBeLessThanOrEqual(wanted.length)
  expect(given.length).toBeGreaterThanOrEqual(wanted.filter(({ required }) => required).length)
})

/** Without a comment behind them; what is in quotes is one. */
const wordsOf = (line: string): readonly string[] =>
  [...line.replace(/\s#.*$/, '').matchAll(/"[^"]*"|\S+/g)].map(([word]) => word).slice(1)
