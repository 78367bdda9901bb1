import type { ReadChange } from '../changes/read-change.ts'
import { needsWhere, noChange, refused, returnsAll } from '../changes/refusals.ts'
import { type Node, parseStatement } from './parse.ts'

const verbs = { InsertStmt: 'INSERT', UpdateStmt: 'UPDATE', DeleteStmt: 'DELETE' } as const

/** By PostgreSQL's own grammar: one INSERT, UPDATE or DELETE, and nothing in it that changes anything besides. */
export function readPostgresChange(text: string, wholeTable: boolean): ReadChange {
  const [found] = Object.entries(parseStatement(text))
  const [kind, inside] = found ?? ['', undefined]
  const verb = Object.hasOwn(verbs, kind) ? verbs[kind as keyof typeof verbs] : undefined
  if (verb === undefined) throw noChange(/\w+/.exec(text)?.[0] ?? '')
  const statement = inside as Node
  if (verb !== 'INSERT' && !wholeTable && statement['whereClause'] === undefined)
    throw needsWhere(verb)
  refuseInner(statement)
  refuseReturningAll(statement)
  return { table: tableOf(statement) }
}

/** A WITH may hold statements that write, which nobody counts. */
function refuseInner(statement: Node): void {
  const found = findKind(statement)
  if (found === undefined) return
  throw refused(
    `A ${verbs[found]} inside of the statement changes rows that are not counted.`,
    'Write a tool for each.',
    'WITH',
  )
}

function findKind(value: unknown): keyof typeof verbs | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    if (Object.hasOwn(verbs, key)) return key as keyof typeof verbs
    const found = findKind(inner)
    if (found !== undefined) return found
  }
  return undefined
}

/** `*` and `t.*`. */
function refuseReturningAll(statement: Node): void {
  const items = [statement['returningList'], statement['returningClause']]
  if (JSON.stringify(items).includes('{"A_Star":{}}')) throw returnsAll()
}

function tableOf({ relation }: Node): string[] {
  const { schemaname: schema, relname: name } = relation as {
    readonly schemaname?: string
    readonly relname: string
  }
  return schema === undefined ? [name] : [schema, name]
}
