import type { Capabilities } from '../sources/source.ts'

/** Words that are no names unless quoted (https://sqlite.org/lang_keywords.html, those SQLite never gives up). */
const reserved = new Set(
  `add all alter and as autoincrement between case check collate commit constraint create default
  deferrable delete distinct drop else escape except exists foreign from group having in index insert
  intersect into is isnull join limit not nothing notnull null on or order primary references returning
  select set table then to transaction union unique update using values when where`.split(/\s+/),
)

/** A name as it must stand in a statement: in quotes only where it needs them. */
export function quoteName(name: string, { identifierQuote: quote }: Capabilities): string {
  if (/^[a-z_][a-z0-9_]*$/i.test(name) && !reserved.has(name.toLowerCase())) return name
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}
