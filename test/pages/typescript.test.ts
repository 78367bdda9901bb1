import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as agent from '../../dist/agent/index.js'
import * as messagesApi from '../../dist/testing/messages-api/index.js'
import { blocksIn, root } from '../support/page.ts'
import { scratchFolder } from '../support/scratch.ts'

const doors = { 'vitrine/agent': agent, 'vitrine/testing/messages-api': messagesApi }

test('the TypeScript of all pages fits the package', () => {
  const folder = scratchFolder()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const files = blocksIn('ts').map(({ text }, at) => {
    writeFileSync(join(folder, `${at}.ts`), toProgram(text))
    return `${at}.ts`
  })
  const paths = Object.fromEntries(
    Object.keys(doors).map((door) => [
      door,
      [join(root, 'dist', door.replace('vitrine/', ''), 'index.d.ts')],
    ]),
  )
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    paths,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  expect(files.length).toBeGreaterThan(0)
  expect(compile(folder)).toBe('')
})

/** What the compiler has to say. */
function compile(folder: string): string {
  const args = ['-p', folder, '--pretty', 'false']
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), args, { encoding: 'utf8' })
  } catch (error) {
    return String((error as { stdout: unknown }).stdout)
  }
}

/** A part of a program, with what it takes for granted: imports, or that it is an option of a run. */
function toProgram(text: string): string {
  if (/^\w+: /.test(text)) {
    const option = text.replace(/\/\/.*$/m, '')
    return `import type { AgentOptions } from 'vitrine/agent'\nexport const options: Partial<AgentOptions> = { ${option} }\n`
  }
  const imports = /^import /m.test(text) ? [] : Object.entries(doors).map(toImport(text))
  return [...imports, text, 'export {}\n'].join('\n')
}

const toImport =
  (text: string) =>
  ([door, exported]: [string, object]): string => {
    const used = Object.keys(exported).filter((name) => new RegExp(`\\b${name}\\b`).test(text))
    return `import { ${used.join(', ')} } from '${door}'`
  }
