import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { howToInstall, notInstalled, optionalPackages } from '../../dist/base/not-installed.js'
import { scratchFolder } from '../support/scratch.ts'
import { checkout } from './installation.ts'

const inside = (folder: string): string => howToInstall(['bullmq@6.7'], folder)

test('what installs a package depends on where Vitrine is', () => {
  const project = scratchFolder()
  writeFileSync(join(project, 'package.json'), '{}')
  const machine = scratchFolder()
  expect([
    inside(`${project}/node_modules/vitrine/`),
    inside(`${machine}/node_modules/vitrine/`),
    inside('/home/ana/.npm/_npx/a04804cf/node_modules/vitrine/'),
    inside('C:\\Users\\ana\\npm-cache\\_npx\\a04804cf\\node_modules\\vitrine\\'),
  ]).toEqual([
    'Install it beside vitrine: npm install bullmq@6.7',
    'Install it beside vitrine: npm install --global bullmq@6.7',
    'Have npx install it beside vitrine: npx --package vitrine --package bullmq@6.7 vitrine …',
    'Have npx install it beside vitrine: npx --package vitrine --package bullmq@6.7 vitrine …',
  ])
})

test.each(optionalPackages)('every page that installs %s names the version that fits', (name) => {
  const { hint } = notInstalled('It needs', { packages: [name], cause: undefined })
  const fitting = hint.split('npm install ')[1]
  const pages = readdirSync(join(checkout, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((page) => page.endsWith('.md'))
    .map((page) => `docs/${page}`)
  const named = ['README.md', 'CHANGELOG.md', ...pages].flatMap((page) =>
    [...readFileSync(join(checkout, page), 'utf8').matchAll(/npm install ([^`#\n]+)/g)]
      .flatMap(([, words = '']) => words.split(' '))
      .filter((word) => word === name || word.startsWith(`${name}@`)),
  )
  expect(named.length).toBeGreaterThan(0)
  expect(new Set(named)).toEqual(new Set([fitting]))
})
