/** A column's type as people write it: MySQL gives whole numbers a width that says nothing of them. */
export const toColumnType = (type: string): string =>
  type.startsWith('tinyint(1)')
    ? type
    : type.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, '$1')

/** The words of an enum or set: `enum('new','it''s')`. */
export function toWords(type: string): readonly string[] | undefined {
  const list = /^(?:enum|set)\((.*)\)$/is.exec(type)?.[1]
  if (list === undefined) return undefined
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"))
}
