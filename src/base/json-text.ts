/** JSON, whole numbers beyond 2^53 to the last digit. */
export function toJsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`
  return JSON.stringify(value ?? null)
}
