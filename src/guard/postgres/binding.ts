import type { BindingStyle, ParameterType } from '../bind.ts'
import type { Lexeme } from '../placeholders.ts'
import { scan } from './scan.ts'

/**
 * `$1`, cast to its type: PostgreSQL otherwise takes the type from where the value stands, and there is
 * none in `$1 IS NULL`.
 */
export const postgresBinding: BindingStyle = {
  lexemes,
  write: (number, type) => `($${number}::pg_catalog.${types[type]})`,
  writeNone: (type) => `SELECT NULL::pg_catalog.${types[type]} WHERE false`,
  toParameter: (value) => String(value),
  isByPlace: false,
}

/** A number is exact, so that it compares with exact ones by their index; a moment has its zone. */
const types: Readonly<Record<ParameterType, string>> = {
  integer: 'int8',
  number: 'numeric',
  boolean: 'bool',
  text: 'text',
  date: 'date',
  timestamp: 'timestamptz',
  uuid: 'uuid',
}

/** The scanner counts bytes. */
function lexemes(text: string): Lexeme[] {
  const toOffset = offsetsOf(Buffer.from(text))
  return scan(text).map(({ kind, text: shown, start, end }) => ({
    kind: kind === 'word' ? 'word' : kind === 'operator' || kind === 'mark' ? 'sign' : 'operand',
    text: shown,
    start: toOffset(start),
    end: toOffset(end),
  }))
}

/** From bytes to characters, asked for places in their order. */
function offsetsOf(bytes: Buffer): (place: number) => number {
  let [place, offset] = [0, 0]
  return (next) => {
    offset += bytes.toString('utf8', place, next).length
    place = next
    return offset
  }
}
