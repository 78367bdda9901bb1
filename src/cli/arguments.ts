/**
 * A statement that begins with a comment looks like an option. No option has a blank behind its
 * dashes or a line break in it; a blank before the statement means nothing in SQL.
 */
export const withoutFalseOptions = (args: readonly string[]): string[] =>
  args.map((arg) => (/^--(?:\s|[^=]*\n)/.test(arg) ? ` ${arg}` : arg))
