/** What PostgreSQL says of functions and operators that exist, but not for these types; and the mend. */
const mends: readonly (readonly [RegExp, string])[] = [
  [
    /^function (?:\w+\.)?(?:round|trunc)\(double precision, integer\)/,
    'Write round(x::numeric, 2).',
  ],
  [
    /^function (?:\w+\.)?(?:date_trunc|extract|date_part)\([^)]*\b(?:text|character varying|unknown)\)/,
    'Cast the text to a date first: x::date, x::timestamp.',
  ],
  [
    /^function (?:\w+\.)?to_char\((?:text|character varying)/,
    'Cast it first: x::date or x::numeric.',
  ],
  [
    /^function (?:\w+\.)?(?:sum|avg)\((?:text|character varying)/,
    'Cast it first: sum(x::numeric).',
  ],
  [
    /^function (?:\w+\.)?(?:sum|avg)\(boolean/,
    'Count with count(*) FILTER (WHERE x), or cast: x::int.',
  ],
  [
    /^function (?:\w+\.)?(?:lower|upper|length|trim|btrim|substr|substring|replace|left|right|split_part|string_agg|position|strpos)\(/,
    'Cast it first: x::text.',
  ],
  [
    /^function (?:\w+\.)?(?:json_|jsonb_)\w+\((?:text|character varying|jsonb?)/,
    'Functions come in pairs for json and jsonb; cast to the one meant: x::jsonb.',
  ],
  [
    /^operator does not exist: (?:timestamp|date).* [-+] (?:integer|bigint|numeric)/,
    "Add or take an interval: d - interval '7 days'.",
  ],
  [
    /^operator does not exist: (?:text|character varying) (?:->>?|#>>?|@>)/,
    'Cast it first: x::jsonb.',
  ],
  [
    /^operator does not exist: \S.* (?:~~\*?|!~~\*?|~\*?|!~\*?) /,
    'Cast what is compared to text: x::text.',
  ],
  [
    /^operator does not exist: .* (?:=|<>|<|>|<=|>=) /,
    'The two sides have different types; cast one of them: x::text, x::integer.',
  ],
  [/^operator does not exist: (?:text|character varying).* [-+*/] /, 'Cast it first: x::numeric.'],
]

export const mendOf = (message: string): string | undefined =>
  mends.find(([pattern]) => pattern.test(message))?.[1]
