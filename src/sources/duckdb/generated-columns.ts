import { unquote } from './quote.ts'
import { depths, isSign, isWord, tokenize } from './tokens.ts'

/** Of `CREATE TABLE t(a INTEGER, b INTEGER GENERATED ALWAYS AS((a * 2)))`, as DuckDB writes it: b. */
export function generatedColumns(definition: string): string[] {
  const tokens = tokenize(definition)
  const depth = depths(tokens)
  const names: string[] = []
  let name = ''
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]
    if (depth[index] !== 1) continue
    if (isSign(before, '(') || isSign(before, ','))
      name = unquote(definition.slice(token.start, token.end))
    if (isWord(token, 'GENERATED')) names.push(name)
  }
  return names
}
