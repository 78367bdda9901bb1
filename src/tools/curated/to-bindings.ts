import type { JsonSchema } from '../../base/json-schema.ts'
import type { Binding, Bindings, ParameterType } from '../../guard/bind.ts'
import type { DeclaredParameters, Values } from '../parameters.ts'

/** What a database is told of the values that a schema takes; undefined where there is no such value. */
export type Bindable = Pick<Binding, 'type' | 'isList'>

export function toBindable(schema: JsonSchema): Bindable | undefined {
  const isList = typesOf(schema).includes('array')
  const type = toType(isList ? ((schema['items'] ?? {}) as JsonSchema) : schema)
  return type && { type, isList }
}

/** The values of a call as they are bound. */
export const toBindings = (declared: DeclaredParameters, values: Values): Bindings =>
  eachBound(declared, (name) => values[name] ?? null)

/** Values that stand for any: what an engine needs to prepare a statement, and nothing to run it by. */
export const toEmptyBindings = (declared: DeclaredParameters): Bindings =>
  eachBound(declared, (_name, { isList }) => (isList ? [null] : null))

function eachBound(
  declared: DeclaredParameters,
  valueOf: (name: string, bindable: Bindable) => unknown,
): Bindings {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { schema }]) => {
      const bindable = toBindable(schema) ?? { type: 'text', isList: false }
      return [name, { ...bindable, value: valueOf(name, bindable) }]
    }),
  )
}

/** Of one value; one that may be null beside something else is of that type. */
function toType(schema: JsonSchema): ParameterType | undefined {
  const kinds = typesOf(schema).filter((type) => type !== 'null')
  if (kinds.length === 0) return 'text'
  if (kinds.every((kind) => kind === 'integer')) return 'integer'
  if (kinds.every((kind) => kind === 'integer' || kind === 'number')) return 'number'
  if (kinds.length > 1) return undefined
  if (kinds[0] === 'boolean') return 'boolean'
  return kinds[0] === 'string' ? (formats[String(schema['format'])] ?? 'text') : undefined
}

const formats: Readonly<Record<string, ParameterType>> = {
  date: 'date',
  'date-time': 'timestamp',
  uuid: 'uuid',
}

/** As declared, or those of the values it allows. */
function typesOf({ type, enum: allowed, const: only }: JsonSchema): string[] {
  if (type !== undefined) return [type].flat().map(String)
  const values = Array.isArray(allowed) ? allowed : only === undefined ? [] : [only]
  const kinds = values.map((value: unknown) => {
    if (value === null) return 'null'
    return Number.isInteger(value) ? 'integer' : typeof value
  })
  return [...new Set(kinds)]
}
