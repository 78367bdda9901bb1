/**
 * Words that are no names unless quoted (https://sqlite.org/lang_keywords.html, those SQLite never
 * gives up), and those that it takes for something else where a column may stand.
 */
export const reservedWords: ReadonlySet<string> = new Set(
  `add all alter and as autoincrement between case cast check collate commit constraint create
  current_date current_time current_timestamp default deferrable delete distinct drop else escape
  except exists foreign from group having in index insert intersect into is isnull join limit not
  nothing notnull null on or order primary raise references returning select set table then to
  transaction union unique update using values when where`.split(/\s+/),
)
