import { sep } from 'node:path'

/** True where a path holds a sign of a pattern: `*`, `?`, `[a-z]` or `{a,b}`. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path)

/** The folder before the first part that holds such a sign. */
export function rootOf(path: string): string {
  const parts = path.split(/[\\/]/)
  const first = parts.findIndex(isPattern)
  return parts.slice(0, first).join(sep) || sep
}

/**
 * Whether a path relative to the root matches: `*` and `?` stay within one name, `**` goes down any
 * number of folders.
 */
export function toMatcher(pattern: string): (path: string) => boolean {
  const whole = new RegExp(`^${toSource(pattern.replaceAll('\\', '/'))}$`, 'u')
  return (path) => whole.test(path)
}

/** How many folders deep a pattern reaches. */
export const depthOf = (pattern: string): number =>
  pattern.includes('**') ? mostDeep : pattern.split(/[\\/]/).length - 1

const mostDeep = 8

const signs = /\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\{[^{}]*\}|[\s\S]/gu

function toSource(pattern: string): string {
  return [...pattern.matchAll(signs)].map(([sign]) => translate(sign)).join('')
}

function translate(sign: string): string {
  if (sign === '**/') return '(?:[^/]+/)*'
  if (sign === '**') return '.*'
  if (sign === '*') return '[^/]*'
  if (sign === '?') return '[^/]'
  if (sign.length > 1 && sign.startsWith('[')) return toClass(sign.slice(1, -1))
  if (sign.length > 1 && sign.startsWith('{')) {
    return `(?:${sign.slice(1, -1).split(',').map(toSource).join('|')})`
  }
  return literal(sign)
}

function toClass(inner: string): string {
  const negated = /^[!^]/.test(inner) && inner.length > 1
  const body = (negated ? inner.slice(1) : inner).replaceAll(/[\\\]^[]/g, String.raw`\$&`)
  return `[${negated ? '^/' : ''}${body}]`
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
