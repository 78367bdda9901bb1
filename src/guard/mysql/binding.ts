import type { BindingStyle, ParameterType } from '../bind.ts'
import { tokenize } from './tokens.ts'

/** A question mark takes the next value, whatever it is called. */
export const mysqlBinding: BindingStyle = {
  lexemes: (text) =>
    tokenize(text).map(({ kind, text: shown, start, end }) => ({
      kind: kind === 'word' ? 'word' : kind === 'symbol' ? 'sign' : 'operand',
      text: shown,
      start,
      end,
    })),
  write: (_number, type) => forms[type] ?? '?',
  writeNone: () => 'SELECT NULL FROM DUAL WHERE FALSE',
  toParameter: (value, type) => (type === 'timestamp' ? toUtc(String(value)) : value),
  isByPlace: true,
}

/** A moment is compared in the time zone of the session, as its rows are told. */
const forms: Readonly<Partial<Record<ParameterType, string>>> = {
  date: 'CAST(? AS DATE)',
  timestamp: "CONVERT_TZ(CAST(? AS DATETIME(6)), '+00:00', @@session.time_zone)",
}

/** RFC 3339 as the server reads it, which knows no zones: in UTC, to the microsecond; what is none stays as it is. */
function toUtc(moment: string): string {
  const [, fraction = ''] = /\.(\d+)/.exec(moment) ?? []
  const date = new Date(moment.replace(/\.\d+/, ''))
  if (Number.isNaN(+date)) return moment
  const seconds = date.toISOString().slice(0, 19)
  return `${seconds.replace('T', ' ')}.${fraction.padEnd(6, '0').slice(0, 6)}`
}
