import { tokenize } from '../../sources/duckdb/tokens.ts'
import type { BindingStyle, ParameterType } from '../bind.ts'

/** `$p1`, cast to its type: DuckDB guesses the type of a value otherwise, from the value. */
export const duckdbBinding: BindingStyle = {
  lexemes: (text) =>
    tokenize(text).map(({ kind, start, end }) => {
      const shown = text.slice(start, end)
      const isSign = kind === 'sign' && !/^[0-9]/.test(shown)
      return {
        kind: kind === 'word' ? 'word' : isSign ? 'sign' : 'operand',
        text: shown,
        start,
        end,
      }
    }),
  write: (number, type) => `CAST($p${number} AS ${types[type]})`,
  writeNone: (type) => `SELECT CAST(NULL AS ${types[type]}) WHERE false`,
  toParameter: (value) => value,
  isByPlace: false,
}

const types: Readonly<Record<ParameterType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  uuid: 'UUID',
}
