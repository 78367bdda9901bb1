import { nearest } from '../base/nearest.ts'

/** What other dialects call it → how SQLite says it (https://sqlite.org/lang_datefunc.html and neighbours). */
const functions: Readonly<Record<string, string>> = {
  year: "strftime('%Y', d)",
  month: "strftime('%m', d)",
  day: "strftime('%d', d)",
  hour: "strftime('%H', d)",
  minute: "strftime('%M', d)",
  quarter: "(strftime('%m', d) + 2) / 3",
  week: "strftime('%W', d)",
  dayofweek: "strftime('%w', d)",
  weekday: "strftime('%w', d)",
  date_format: "strftime('%Y-%m-%d', d)",
  to_char: "strftime('%Y-%m-%d', d), or printf() for numbers",
  to_date: 'date(d)',
  to_timestamp: "datetime(n, 'unixepoch')",
  from_unixtime: "datetime(n, 'unixepoch')",
  unix_timestamp: 'unixepoch(d)',
  date_trunc: "date(d, 'start of month')",
  date_part: "strftime('%Y', d)",
  date_add: "date(d, '+7 days')",
  dateadd: "date(d, '+7 days')",
  date_sub: "date(d, '-7 days')",
  datediff: 'julianday(a) - julianday(b)',
  date_diff: 'julianday(a) - julianday(b)',
  timestampdiff: 'unixepoch(a) - unixepoch(b)',
  age: 'julianday(a) - julianday(b)',
  now: "datetime('now')",
  getdate: "datetime('now')",
  curdate: "date('now')",
  curtime: "time('now')",
  isnull: 'ifnull(a, b)',
  nvl: 'ifnull(a, b)',
  if_null: 'ifnull(a, b)',
  len: 'length(s)',
  char_length: 'length(s)',
  left: 'substr(s, 1, n)',
  right: 'substr(s, -n)',
  position: 'instr(s, part)',
  strpos: 'instr(s, part)',
  charindex: 'instr(s, part)',
  locate: 'instr(s, part)',
  split_part: 'substr() with instr()',
  regexp_replace: 'replace(s, from, to)',
  regexp: "LIKE or GLOB: name GLOB 'A*'",
  regexp_like: "LIKE or GLOB: name GLOB 'A*'",
  array_agg: 'json_group_array(x)',
  json_agg: 'json_group_array(x)',
  listagg: 'group_concat(x, sep)',
  divide: 'a * 1.0 / b',
  greatest: 'max(a, b)',
  least: 'min(a, b)',
  rand: 'random()',
  std: 'sqrt(avg(x * x) - avg(x) * avg(x))',
  stddev: 'sqrt(avg(x * x) - avg(x) * avg(x))',
  variance: 'avg(x * x) - avg(x) * avg(x)',
  truncate: 'trunc(x)',
  to_number: 'CAST(s AS REAL)',
  generate_series: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)',
  version: 'sqlite_version()',
  md5: 'no hash function exists here',
}

export function functionAdvice(name: string): string | undefined {
  const known = functions[name.toLowerCase()]
  if (known !== undefined && Object.hasOwn(functions, name.toLowerCase())) {
    return `SQLite has no ${name}(); write ${known}.`
  }
  const close = nearest(name, common)
  return close === undefined ? undefined : `Did you mean ${close}()?`
}

/** The functions people mistype. */
const common =
  `abs avg coalesce concat count date datetime group_concat ifnull iif instr json_extract
  julianday lag lead length lower max min nullif printf rank replace round row_number strftime substr
  sum time total trim upper`.split(/\s+/)

/** Habits of other dialects that SQLite's grammar does not know. */
const habits: readonly (readonly [RegExp, string])[] = [
  [/\bselect\s+top\s+\d/i, 'SQLite has no TOP; end with LIMIT n.'],
  [/\bfetch\s+(first|next)\b/i, 'SQLite has no FETCH FIRST; end with LIMIT n.'],
  [/\bilike\b/i, 'SQLite has no ILIKE; LIKE ignores ASCII case already.'],
  [/\brlike\b|\bsimilar\s+to\b/i, 'SQLite has no regular expressions; use LIKE or GLOB.'],
  [/::\s*[a-z]/i, 'SQLite has no ::; write CAST(x AS type).'],
  [/\binterval\b/i, "SQLite has no INTERVAL; write date(d, '+7 days')."],
  [/\bextract\s*\(/i, "SQLite has no EXTRACT; write strftime('%Y', d)."],
  [/\bany\s*\(|\ball\s*\(/i, 'SQLite has no ANY or ALL; use IN, EXISTS, max() or min().'],
  [/\blateral\b/i, 'SQLite has no LATERAL; use a correlated subquery.'],
  [/\b(date|timestamp)\s+'/i, "Write the date as a text alone: '2026-01-31'."],
  [/\bqualify\b/i, 'SQLite has no QUALIFY; filter the window function in an outer SELECT.'],
  [/\bpivot\b/i, 'SQLite has no PIVOT; use sum(CASE WHEN … THEN … END).'],
  [/\binto\b/i, 'There is no INTO here: only reading is possible.'],
]

export const syntaxAdvice = (text: string): string | undefined =>
  habits.find(([pattern]) => pattern.test(text))?.[1]
