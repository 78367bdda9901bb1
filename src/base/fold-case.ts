/**
 * A name with its ASCII capitals made small, and no other letter touched: how SQLite compares names
 * (https://sqlite.org/faq.html#q18). `toLowerCase` would make one name out of two.
 */
export const foldCase = (name: string): string =>
  /[A-Z]/.test(name) ? name.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : name
