import { deepest } from './depth.ts'
import { AppError } from './error.ts'

/**
 * As `JSON.stringify` writes it, and whole numbers beyond 2^53 as they are.
 *
 * @param layout `lines` for a person to read, two blanks deeper each
 * @throws AppError `invalid_input` for what is nested deeper than 64
 */
export function writeJson(value: unknown, layout: 'line' | 'lines' = 'line'): string {
  const isLine = layout === 'line'
  const write = (one: unknown, depth: number): string => {
    if (typeof one === 'bigint') return String(one)
    if (typeof one !== 'object' || one === null) return JSON.stringify(one) ?? 'null'
    if (depth === deepest)
      throw new AppError('invalid_input', `A value is nested deeper than ${deepest}.`)
    const [open, parts, close] = Array.isArray(one)
      ? ['[', one.map((item) => write(item, depth + 1)), ']']
      : ['{', members(one, (inner) => write(inner, depth + 1), isLine ? ':' : ': '), '}']
    if (isLine || parts.length === 0) return `${open}${parts.join(',')}${close}`
    const gap = `\n${'  '.repeat(depth)}`
    return `${open}${gap}  ${parts.join(`,${gap}  `)}${gap}${close}`
  }
  return write(value, 0)
}

const members = (of: object, write: (value: unknown) => string, colon: string): string[] =>
  Object.entries(of)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}${colon}${write(value)}`)
