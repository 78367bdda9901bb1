/**
 * What the columns of a statement's answer are called: the last word of each part between SELECT and FROM. A guess by
 * its looks alone, good enough for advice; what the engine makes of it is not asked.
 */
export function outputNames(statement: string): string[] {
  const plain = statement
    .replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, ' ')
    .replaceAll(/'(?:[^']|'')*'/g, "''")
  const lists = [...plain.matchAll(/\bselect\b([^]*?)(?=\bfrom\b|$)/gi)].map(
    ([, list = '']) => list,
  )
  return lists.flatMap((list) =>
    partsOf(list).flatMap((part) => /([\p{L}_][\p{L}\p{N}_]*)["`\]]?\s*$/u.exec(part)?.[1] ?? []),
  )
}

/** Commas within brackets part nothing. */
function partsOf(list: string): string[] {
  const parts = ['']
  let depth = 0
  for (const character of list) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
