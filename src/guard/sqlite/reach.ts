import { foldCase } from '../../base/fold-case.ts'
import type { Table } from '../../sources/catalog.ts'
import { tokenize } from './tokens.ts'

/** The folded names of `start` and of all that can be reached from there. */
export function reach(
  start: readonly Table[],
  next: (name: string) => readonly Table[],
): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = start.map(({ name }) => foldCase(name))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    waiting.push(...next(name).map((table) => foldCase(table.name)))
  }
  return reached
}

/** Every word of a definition, folded. */
export const wordsOf = (definition: string | null | undefined): ReadonlySet<string> =>
  new Set(tokenize(definition ?? '').map(({ text }) => foldCase(text)))
