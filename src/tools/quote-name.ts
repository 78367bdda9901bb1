import type { Table } from '../sources/catalog.ts'
import type { Capabilities } from '../sources/source.ts'

/** A name as it must stand in a statement: in quotes only where it needs them. */
export function quoteName(name: string, capabilities: Capabilities): string {
  const { identifierQuote: quote, foldsNames, reservedWords } = capabilities
  const plain = foldsNames ? /^[a-z_][a-z0-9_]*$/ : /^[a-z_][a-z0-9_]*$/i
  if (plain.test(name) && !reservedWords.has(name.toLowerCase())) return name
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}

/** The same of a table, with its schema before it where it needs one. */
export const quoteTable = ({ name, path = [name] }: Table, capabilities: Capabilities): string =>
  path.map((part) => quoteName(part, capabilities)).join('.')

/** The same of many names. */
export class Names {
  readonly #capabilities: Capabilities

  constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities
  }

  name(name: string): string {
    return quoteName(name, this.#capabilities)
  }

  table(table: Table): string {
    return quoteTable(table, this.#capabilities)
  }

  column(table: Table, column: string): string {
    return `${this.table(table)}.${this.name(column)}`
  }
}
