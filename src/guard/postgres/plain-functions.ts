import type { UserFunction } from '../../sources/postgres/facts.ts'
import { type Call, inspect, type Inspection } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { tellsOfRelations } from './told-relations.ts'

/** What the texts of functions name, of those that may compute from their arguments alone. */
export function readBodies(
  functions: readonly UserFunction[],
): ReadonlyMap<UserFunction, Inspection> {
  const bodies = new Map<UserFunction, Inspection>()
  for (const one of functions) {
    const found = one.body === undefined ? undefined : read(one.body)
    if (found !== undefined) bodies.set(one, found)
  }
  return bodies
}

/** Undefined where it is more than one query, or reads rows, a setting or a field of a row. */
function read(body: string): Inspection | undefined {
  try {
    // An argument stands for itself: nothing is called by it.
    const found = inspect(parseStatement(body.replaceAll(/(?<![\w$"\x80-\uffff])\$\d+/g, '(NULL)')))
    const { relations, attributes, settings } = found
    return relations.length + attributes.length + settings.length === 0 ? found : undefined
  } catch {
    return undefined
  }
}

/** A call that would tell whatever it is asked for. */
export const isOpenEnded = ({ name, text }: Call): boolean =>
  tellsOfRelations(name) || (name === 'current_setting' && text === undefined)
