import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { vitrine } from './support/command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const read = (page: string): string => readFileSync(join(root, page), 'utf8')

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link)
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(resolve(root, dirname(page), link)))
  expect(broken).toEqual([])
})

test('every file that a page names exists', () => {
  const named = pages.flatMap((page) => [
    ...read(page).matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g),
  ])
  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test('every command and every flag stands in docs/cli.md', async () => {
  const page = read('docs/cli.md')
  const commands = await commandsOf([])
  expect(commands.length).toBeGreaterThan(5)
  const absent = async (command: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await vitrine([...command, '--help'])
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag)
    return [`vitrine ${command.join(' ')}`, ...flags].filter(
      (word) => word !== '--help' && !page.includes(word),
    )
  }
  expect((await Promise.all(commands.map(absent))).flat()).toEqual([])
})

/** Commands, those of a group under its name. */
async function commandsOf(group: readonly string[]): Promise<readonly string[][]> {
  const { stdout } = await vitrine([...group, '--help'])
  const [, listed = ''] = /^Commands:\n((?: .*\n)*)/m.exec(stdout) ?? []
  const own = [...listed.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name = '']) => [...group, name])
    .filter((command) => command.at(-1) !== 'help')
  if (group.length > 0) return own
  const inner = await Promise.all(own.map(commandsOf))
  return [...own, ...inner.flat()]
}
