import { foldCase } from '../../../base/fold-case.ts'

/**
 * A table's name for each file: the file's own without its end, as a word that needs no quotes, and no
 * two alike.
 *
 * @example tableNames(['Order Items.csv', 'orders.csv', 'orders.parquet']) // order_items, orders, orders_parquet
 */
export function tableNames(files: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return files.map((file) => {
    const name = candidates(file).find((candidate) => !taken.has(foldCase(candidate))) ?? file
    taken.add(foldCase(name))
    return name
  })
}

function candidates(file: string): string[] {
  const parts = file.split('/')
  const [base = '', end = ''] = splitEnd(parts.at(-1) ?? '')
  const folders = parts.slice(0, -1).join('_')
  const named = toWord(base)
  const numbered = Array.from({ length: 1000 }, (_, index) => `${named}_${index + 2}`)
  return [named, toWord(`${base}_${end}`), toWord(`${folders}_${base}`), ...numbered]
}

const splitEnd = (name: string): string[] => {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)]
}

function toWord(text: string): string {
  const word = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
  if (word === '') return 'data'
  return /^\p{N}/u.test(word) ? `t_${word}` : word
}
