import { AppError } from '../base/error.ts'
import type { Parameter } from '../sources/statement.ts'
import { findPlaceholders, type Lexeme, type Placeholder } from './placeholders.ts'

/** What a value is: an engine may have to know before it sees one. */
export type ParameterType =
  | 'integer'
  | 'number'
  | 'boolean'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'uuid'

/** What is bound for one name; null where it was left out. */
export interface Binding {
  readonly type: ParameterType
  /** A list stands in the brackets of an IN, as many values as it has. */
  readonly isList: boolean
  readonly value: unknown
}

export type Bindings = Readonly<Record<string, Binding>>

/** How a dialect writes values that come beside the text. */
export interface BindingStyle {
  readonly lexemes: (text: string) => Lexeme[]
  /** The value of that number, from 1, as an expression of its type. */
  readonly write: (number: number, type: ParameterType) => string
  /** A query without rows, of one column of that type: what an empty list is. */
  readonly writeNone: (type: ParameterType) => string
  /** What the engine takes for a value of that type. */
  readonly toParameter: (
    value: boolean | number | bigint | string,
    type: ParameterType,
  ) => Parameter
  /** Each place takes a value of its own, also where they are the same. */
  readonly isByPlace: boolean
}

export interface Bound {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/** Items of one list: each is a placeholder of its own. */
const mostItems = 1000

/**
 * The text as its engine takes it: a placeholder of the engine's for each `:name`, the values beside it.
 * Nothing of a value gets into the text.
 *
 * @throws AppError `invalid_input` for a value that no engine holds, `config_invalid` for a name that
 *   is not bound, or a list outside of IN
 */
export function bind(text: string, bindings: Bindings, style: BindingStyle): Bound {
  const binder = new Binder(bindings, style)
  let bound = ''
  let end = 0
  for (const placeholder of findPlaceholders(style.lexemes(text))) {
    bound += text.slice(end, placeholder.start) + binder.expression(placeholder)
    end = placeholder.end
  }
  return { text: bound + text.slice(end), parameters: binder.parameters }
}

class Binder {
  readonly parameters: Parameter[] = []
  readonly #bindings: Bindings
  readonly #style: BindingStyle
  /** What each name is written as, where its values are bound once. */
  readonly #written = new Map<string, string>()

  constructor(bindings: Bindings, style: BindingStyle) {
    this.#bindings = bindings
    this.#style = style
  }

  expression({ name, use }: Placeholder): string {
    const binding = Object.hasOwn(this.#bindings, name) ? this.#bindings[name] : undefined
    if (binding === undefined) throw misuse(`Nothing is bound to :${name}.`)
    const key = `${name} ${binding.isList ? use : ''}`
    const written = this.#written.get(key) ?? this.#write(name, use, binding)
    if (!this.#style.isByPlace) this.#written.set(key, written)
    return written
  }

  #write(name: string, use: Placeholder['use'], { type, isList, value }: Binding): string {
    if (!isList) return this.#one(name, value, type)
    const items = (value ?? []) as readonly unknown[]
    if (use === 'presence') return this.#one(name, value === null ? null : true, 'boolean')
    if (use === 'value') throw misuse(`The list :${name} stands outside of IN (:${name}).`)
    if (items.length > mostItems) throw wrong(name, `a list of at most ${mostItems}`)
    if (items.length === 0) return this.#style.writeNone(type)
    return items.map((item) => this.#one(name, item, type)).join(', ')
  }

  #one(name: string, value: unknown, type: ParameterType): string {
    this.parameters.push(
      value === null || value === undefined
        ? null
        : this.#style.toParameter(checkers[type](name, value), type),
    )
    return this.#style.write(this.parameters.length, type)
  }
}

type Checker = (name: string, value: unknown) => boolean | number | bigint | string

/** A text that is well-formed: an engine may end one at a NUL, and replace half a character. */
const toText: Checker = (name, value) => {
  const text = String(value)
  if (text.includes('\0')) throw wrong(name, 'text without a NUL character')
  if (/\p{Cs}/u.test(text)) throw wrong(name, 'text of whole characters')
  return text
}

const checkers: Readonly<Record<ParameterType, Checker>> = {
  integer(name, value) {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw wrong(name, 'a whole number, in quotes where it is beyond 2^53: JSON readers round it')
    const integer = isWhole(value) ? BigInt(value) : undefined
    if (integer === undefined || BigInt.asIntN(64, integer) !== integer)
      throw wrong(name, 'a whole number of at most 64 bits')
    return integer
  },
  number(name, value) {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw wrong(name, 'a number')
  },
  boolean(name, value) {
    if (typeof value === 'boolean') return value
    throw wrong(name, 'true or false')
  },
  text: toText,
  date: toText,
  timestamp: toText,
  uuid: toText,
}

const isWhole = (value: unknown): value is bigint | number | string =>
  typeof value === 'bigint' ||
  Number.isInteger(value) ||
  (typeof value === 'string' && /^-?\d{1,20}$/.test(value))

const wrong = (name: string, expected: string): AppError =>
  new AppError('invalid_input', `${name} must be ${expected}.`, { subject: name })

const misuse = (message: string): AppError => new AppError('config_invalid', message)
