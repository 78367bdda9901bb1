/** https://duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A name as it is written, in quotes or bare. */
export const unquote = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
