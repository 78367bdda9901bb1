/** `4.5s`, `500ms`, `5m`, `1h`, or bare seconds. */
export const durationPattern = /^(\d+(?:\.\d+)?) ?(ms|[smh])?$/

/** `4kB`, `4KiB`, `512MB`, or bare bytes; capitals make no difference. */
export const sizePattern = /^(\d+(?:\.\d+)?) ?([kKmMgG]?)([iI]?)[bB]?$/

export const countPattern = /^\d+$/

/** `20/s`, `300/m`, `1000/h`. */
export const ratePattern = /^(\d+) ?\/ ?([smh])$/

/** Milliseconds, or undefined where it is no duration. */
export function parseDuration(value: unknown): number | undefined {
  const [, amount, unit = 's'] = durationPattern.exec(toText(value)) ?? []
  if (amount === undefined) return undefined
  return Math.round(Number(amount) * (unit === 'ms' ? 1 : 1000 * (unitSeconds[unit] ?? 1)))
}

/** Bytes, or undefined where it is no size. k, M and G count in thousands, Ki, Mi and Gi in 1024s. */
export function parseSize(value: unknown): number | undefined {
  const [, amount, prefix = '', binary = ''] = sizePattern.exec(toText(value)) ?? []
  if (amount === undefined || (prefix === '' && binary !== '')) return undefined
  const power = ['', 'k', 'm', 'g'].indexOf(prefix.toLowerCase())
  return Math.round(Number(amount) * (binary === '' ? 1000 : 1024) ** power)
}

/** A whole number, or undefined where it is none. */
export const parseCount = (value: unknown): number | undefined =>
  countPattern.test(toText(value)) ? Number(value) : undefined

/** So many in so many seconds, or undefined where it is no rate. */
export function parseRate(value: unknown): { calls: number; seconds: number } | undefined {
  const [, calls, unit = ''] = ratePattern.exec(toText(value)) ?? []
  return calls === undefined ? undefined : { calls: Number(calls), seconds: unitSeconds[unit] ?? 1 }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** Numbers and their spellings alike: what a variable fills in is always text. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' ? String(value) : ''
}
