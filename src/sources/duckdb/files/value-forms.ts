import { quoteText } from '../quote.ts'

/** How a column of text is read: as a type by DuckDB, or by a format of dates. */
export type ColumnReading = { readonly type: string } | { readonly format: string }

/** What a value looks like that loses nothing when it is read so: `007` is no number. */
export interface ValueForm {
  readonly reading: ColumnReading
  /** True of such a value, in SQL about `value`. */
  readonly fits: string
}

const whole = '(0|-?[1-9][0-9]{0,17})'
const fraction = String.raw`(\.[0-9]{1,17})`
/** More would be infinity, or nothing: a double ends at 1e308. */
const exponent = '[eE][-+]?(2[0-8][0-9]|[01]?[0-9]{1,2})'
/** Years have four digits: of `26`, DuckDB would make the year 26. */
const year = '[1-9][0-9]{3}'
const date = `${year}-[0-9]{2}-[0-9]{2}`
const timestamp = `${date}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?`

export const wholeNumber: ValueForm = { reading: { type: 'BIGINT' }, fits: matches(whole) }

/** Longer whole numbers lose digits; long fractions were doubles where they came from. */
export const decimalNumber: ValueForm = {
  reading: { type: 'DOUBLE' },
  fits: matches(`-?((0|[1-9][0-9]{0,14})${fraction}?|${fraction})(${exponent})?`),
}

/** True of a number whose point can only be one of decimals: `1.000` is a thousand to many people. */
export const showsDecimals = `NOT ${matches(String.raw`${whole}|-?[1-9][0-9]{0,2}\.[0-9]{3}`)}`

/** The first that fits all values is the column's. */
export const typeForms: readonly ValueForm[] = [
  wholeNumber,
  decimalNumber,
  { reading: { type: 'BOOLEAN' }, fits: matches('(?i)(true|false)') },
  castable('DATE', date),
  castable('TIMESTAMP', timestamp),
  castable('TIMESTAMP WITH TIME ZONE', `${timestamp}(Z|[-+][0-9]{2}(:?[0-9]{2})?)`),
]

/** Formats that people write dates in; of two that both fit, neither is believed. */
export const dateForms: readonly ValueForm[] = [
  '%d.%m.%Y',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%Y/%m/%d',
].map(written)

function castable(type: string, pattern: string): ValueForm {
  return { reading: { type }, fits: matchesAnd(pattern, `TRY_CAST(value AS ${type}) IS NOT NULL`) }
}

function written(format: string): ValueForm {
  const pattern = format
    .replaceAll('.', '[.]')
    .replaceAll(/%[dm]/g, '[0-9]{1,2}')
    .replaceAll('%Y', year)
  const parsed = `try_strptime(value, ${quoteText(format)}) IS NOT NULL`
  return { reading: { format }, fits: matchesAnd(pattern, parsed) }
}

/** What is tried of every value takes its time where it fails; so only of those that look right. */
function matchesAnd(pattern: string, tried: string): string {
  return `CASE WHEN ${matches(pattern)} THEN ${tried} ELSE false END`
}

function matches(pattern: string): string {
  return `regexp_full_match(value, ${quoteText(pattern)})`
}
