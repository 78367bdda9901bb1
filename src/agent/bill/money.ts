/** Money as whole picodollars (1e-12 of a US dollar): every price per token times every surcharge is one. */
export type Money = bigint

export const picodollars = 1_000_000_000_000n

const decimal = /^(\d+)(?:\.(\d{1,12}))?$/

/** Dollars as somebody writes them, exactly; undefined where it is no amount. */
export function toMoney(dollars: string | number): Money | undefined {
  const [, whole, fraction = ''] = decimal.exec(String(dollars)) ?? []
  if (whole === undefined) return undefined
  return BigInt(whole) * picodollars + BigInt(fraction.padEnd(12, '0'))
}

/** All digits there are, and at least two behind the point: `0.0123`. */
export function toDollars(money: Money): string {
  const digits = String(money % picodollars).padStart(12, '0')
  return `${money / picodollars}.${digits.slice(0, 2)}${digits.slice(2).replace(/0+$/, '')}`
}
