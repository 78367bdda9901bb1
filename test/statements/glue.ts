/** What two statements may stand glued together by: a divider, or what a naive reader takes for none. */
export const glue: readonly string[] = [
  ';',
  ';\n',
  '; --\n',
  ';/**/',
  "';",
  '";',
  '];',
  '`;',
  '$$;',
  '*/;',
  '\0;',
  '\u00A0;',
  '\v;',
  '',
]
