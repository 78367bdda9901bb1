import type { Table } from '../catalog.ts'
import type { PostgresFacts, Volatility } from './facts.ts'
import type { Row } from './type-names.ts'

/** Rows of the questions in catalog-sql.ts, by what they are about. */
export interface FactRows {
  readonly settings: readonly Row[]
  readonly relations: readonly Row[]
  readonly composites: readonly Row[]
  readonly builtins: readonly Row[]
  readonly functions: readonly Row[]
  readonly operators: readonly Row[]
  readonly casts: readonly Row[]
  readonly checks: readonly Row[]
  readonly policies: readonly Row[]
  readonly domains: readonly Row[]
}

/** What the guard must know beyond tables. */
export function readFacts(rows: FactRows, tables: ReadonlyMap<string, Table>): PostgresFacts {
  const nameOf = ([oid]: Row): string => tables.get(text(oid))?.name ?? ''
  const foreign = rows.relations.filter((row) => text(row[9]) !== '')
  return {
    schemaOf: new Map(rows.relations.map((row) => [nameOf(row), text(row[1])])),
    wrapperOf: new Map(foreign.map((row) => [nameOf(row), text(row[9])])),
    composites: gather(rows.composites.map(([type, part]) => [text(type), text(part)])),
    searchPath: JSON.parse(rows.settings[0]?.[1] ?? '[]') as string[],
    builtins: new Map(rows.builtins.map(([name, kind]) => [text(name), kind as Volatility])),
    functions: rows.functions.map(([schema, name, extension, volatility, takesRow]) => ({
      schema: text(schema),
      name: text(name),
      extension: extension ?? null,
      volatility: volatility as Volatility,
      takesRow: takesRow === 't',
    })),
    operators: rows.operators.map(([name, called]) => ({
      name: text(name),
      function: text(called),
    })),
    casts: rows.casts.map(([from, to, called]) => ({
      from: text(from),
      to: text(to),
      function: text(called),
    })),
    domains: readDomains(rows),
    policies: gather(
      rows.policies.map(([relation, expression]) => [
        tables.get(text(relation))?.name ?? '',
        text(expression),
      ]),
    ),
  }
}

/** A domain checks what the domain it is made from checks too. */
function readDomains({ domains, checks }: FactRows): ReadonlyMap<string, readonly string[]> {
  const checked = gather(checks.map(([type, expression]) => [text(type), text(expression)]))
  const bases = new Map(domains.map(([oid, , base]) => [text(oid), text(base)]))
  const checksOf = (oid: string): string[] => {
    const base = bases.get(oid)
    return base === undefined ? [] : [...(checked.get(oid) ?? []), ...checksOf(base)]
  }
  return gather(
    domains.flatMap(([oid, name]) =>
      checksOf(text(oid)).map((expression): Pair => [text(name), expression]),
    ),
    domains.map(([, name]) => text(name)),
  )
}

type Pair = readonly [key: string, value: string]

/** Every value of a key, in order; `keys` are there also where they have none. */
function gather(pairs: readonly Pair[], keys: readonly string[] = []): Map<string, string[]> {
  const gathered = new Map<string, string[]>(keys.map((key) => [key, []]))
  for (const [key, value] of pairs) {
    const values = gathered.get(key)
    if (values === undefined) gathered.set(key, [value])
    else values.push(value)
  }
  return gathered
}

const text = (value: string | null | undefined): string => value ?? ''
