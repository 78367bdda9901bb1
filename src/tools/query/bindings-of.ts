import type { Bindings, ParameterType } from '../../guard/bind.ts'
import type { BoundValue, QueryOptions } from '../defined-tool.ts'

/** None where nothing is bound: then a statement has no places for values either. */
export function bindingsOf(values: NonNullable<QueryOptions['values']>): Bindings | undefined {
  const entries = Object.entries(values)
  if (entries.length === 0) return undefined
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isList = Array.isArray(value)
      const of = (isList ? (value as readonly BoundValue[]) : [value as BoundValue]).filter(
        (one) => one !== null,
      )
      return [name, { type: typeOf(of), isList, value }]
    }),
  )
}

const isWhole = (one: BoundValue): boolean => typeof one === 'bigint' || Number.isInteger(one)

function typeOf(values: readonly BoundValue[]): ParameterType {
  if (values.length > 0 && values.every(isWhole)) return 'integer'
  if (values.length > 0 && values.every((one) => typeof one === 'number')) return 'number'
  return values.length > 0 && values.every((one) => typeof one === 'boolean') ? 'boolean' : 'text'
}
