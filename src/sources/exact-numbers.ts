/** Numbers of JavaScript that say what an engine has, and no more than that. */

/** A number where JSON writes exactly this decimal, apart from zeros at the end; else its text. */
export function exactNumber(decimal: string): number | string {
  const short = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
  const number = Number(decimal)
  return String(number) === short ? number : decimal
}

/** The shortest decimal that is this 4-byte number: 0.1, where its eight bytes say 0.10000000149011612. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
