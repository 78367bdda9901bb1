/** Result and action codes of https://sqlite.org/c3ref/c_alter_table.html */
const permit = 0
const deny = 1
const open: ReadonlySet<number> = new Set([
  9, // deletes rows
  18, // inserts rows
  20, // reads a column
  21, // SELECT
  23, // updates a column
  31, // calls a function
  33, // WITH RECURSIVE
])
const pragma = 19

/**
 * Answers SQLite while it prepares and runs a change: rows are read and written, by triggers and extensions
 * too; tables, settings, files and transactions are not touched.
 */
export const allowRows = (code: number, first: string | null): number =>
  // What a text index asks before it writes.
  open.has(code) || (code === pragma && first === 'data_version') ? permit : deny
