/** https://duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
