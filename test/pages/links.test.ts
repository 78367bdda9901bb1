import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { pages, readPage, root } from '../support/page.ts'

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...withoutBlocks(readPage(page)).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(
    ([, link = '']) => link,
  )
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(resolve(root, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })
  expect(broken).toEqual([])
})

const withoutBlocks = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '')

/** Of its headings, as GitHub makes them. */
const anchorsOf = (page: string): readonly string[] =>
  [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

test('every file that a page names exists', () => {
  const named = pages.flatMap((page) => [
    ...readPage(page).matchAll(/`((?:src|test|docs|deploy|examples)\/[\w./-]+)`/g),
  ])
  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test('every page can be found from the README in two steps', () => {
  const reached = new Set(['README.md'])
  for (let step = 0; step < 2; step += 1) {
    for (const page of [...reached].filter((one) => one.endsWith('.md'))) {
      for (const [, link = ''] of readPage(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
        if (!/^[a-z]+:/.test(link)) reached.add(join(dirname(page), link))
    }
  }
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([])
})
