import { inspect, type Inspection, type QualifiedName } from './inspect.ts'
import { parseStatement } from './parse.ts'

/** Calls in an expression that read no column: planning computes them, whether a row is read or not. */
export function constantCalls(expression: string): Inspection[] {
  return callsIn(parseStatement(`SELECT ${expression}`))
}

function callsIn(value: unknown): Inspection[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([kind, inner]) => {
    if (kind !== 'FuncCall') return callsIn(inner)
    const found = inspect({ FuncCall: inner })
    return found.columns.size === 0 ? [found] : callsIn(inner)
  })
}

/** Of a text that the system catalogs tell: there a name without a schema is the system's own. */
export const asCatalogSays = (found: Inspection): Inspection => ({
  ...found,
  functions: qualified(found.functions),
  operators: qualified(found.operators),
  types: qualified(found.types),
})

const qualified = <Name extends QualifiedName>(names: readonly Name[]): Name[] =>
  names.map((name) => ({ ...name, schema: name.schema ?? 'pg_catalog' }))
