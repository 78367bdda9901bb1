import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `test`, `describe`, or one of them with `.each`, `.skipIf` and the like is called with first. */
const pattern = /(?:\b(?:test|describe)|\)|`)\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*?)\1\s*,/gs

/** The tests of a file, named from the root, that have this title: as it is written, with `%s` for what each case puts in. */
export function titlesOf(path: string, title: string): readonly string[] {
  const file = join(root, path)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return [...text.matchAll(pattern)]
    .map(([, , written = '']) => written.replaceAll('\\', ''))
    .filter((written) => written === title)
}
