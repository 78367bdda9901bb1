import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `test`, `describe`, or one of them with `.each`, `.skipIf` and the like is called with first. */
const pattern = /(?:\b(?:test|describe)|\)|`)\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*?)\1\s*,/gs

/** The tests of a file, named from the root, that have this title: as it is written, with `%s` for what each case puts in. */
export const titlesOf = (path: string, title: string): readonly string[] =>
  writtenIn(read(path)).filter((written) => written === title)

/** The whole test of that title, its cases included; empty where there is none. */
export const textOf = (path: string, title: string): string =>
  read(path)
    .split(/^(?= *(?:test|describe)\b)/m)
    .find((part) => writtenIn(part).includes(title)) ?? ''

function read(path: string): string {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const writtenIn = (text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, , written = '']) => written.replaceAll('\\', ''))
