import type { Table } from '../catalog.ts'
import type { PostgresFacts, UserType, Volatility } from './facts.ts'
import type { Row } from './type-names.ts'

/** Rows of the questions in catalog-sql.ts, by what they are about. */
export interface FactRows {
  readonly settings: readonly Row[]
  readonly relations: readonly Row[]
  readonly columns: readonly Row[]
  readonly children: readonly Row[]
  readonly generated: readonly Row[]
  readonly sequences: readonly Row[]
  readonly userTypes: readonly Row[]
  readonly builtins: readonly Row[]
  readonly functions: readonly Row[]
  readonly operators: readonly Row[]
  readonly casts: readonly Row[]
  readonly comparers: readonly Row[]
  readonly checks: readonly Row[]
  readonly policies: readonly Row[]
  readonly planned: readonly Row[]
  readonly searchers: readonly Row[]
  readonly moduleSettings: readonly Row[]
  readonly code: readonly Row[]
  readonly states: readonly Row[]
}

/** What the guard must know beyond tables. */
export function readFacts(rows: FactRows, tables: ReadonlyMap<string, Table>): PostgresFacts {
  const nameOf = (oid: string | null | undefined): string => tables.get(text(oid))?.name ?? ''
  const foreign = rows.relations.filter((row) => text(row[9]) !== '')
  return {
    schemaOf: new Map(rows.relations.map((row) => [nameOf(row[0]), text(row[1])])),
    wrapperOf: new Map(foreign.map((row) => [nameOf(row[0]), text(row[9])])),
    childrenOf: gather(rows.children.map(([parent, child]) => [nameOf(parent), nameOf(child)])),
    generated: gatherMaps(
      rows.generated.map(([table, column, code]) => [nameOf(table), text(column), text(code)]),
    ),
    sequences: new Set(rows.sequences.map(([name]) => text(name))),
    codeState: text(rows.code[0]?.[0]),
    stateOf: new Map(
      rows.states.map(([oid, state]) => [nameOf(oid), { oid: text(oid), state: text(state) }]),
    ),
    database: text(rows.settings[0]?.[2]),
    hasByteNames: rows.settings[0]?.[3] === '1',
    moduleSettings: new Set(rows.moduleSettings.map(([name]) => text(name))),
    searchPath: JSON.parse(rows.settings[0]?.[1] ?? '[]') as string[],
    planned: gather(rows.planned.map(([table, code]) => [nameOf(table), text(code)])),
    searchers: gather(rows.searchers.map(([table, code]) => [nameOf(table), text(code)])),
    policies: gather(rows.policies.map(([table, code]) => [nameOf(table), text(code)])),
    ...readTypes(rows, nameOf),
    ...readCode(rows),
  }
}

function readTypes(
  { userTypes, checks, columns }: FactRows,
  nameOf: (oid: string | null | undefined) => string,
): Pick<PostgresFacts, 'types' | 'columnTypes'> {
  const checked = gather(checks.map(([type, expression]) => [text(type), text(expression)]))
  const types = new Map(
    userTypes.map(([oid, schema, name, written, base, parts]): [string, UserType] => [
      text(oid),
      {
        schema: text(schema),
        name: text(name),
        written: text(written),
        writtenBase: base ?? undefined,
        parts: list(parts),
        checks: checked.get(text(oid)) ?? [],
      },
    ]),
  )
  const ofOurs = columns.filter(([, , , type]) => types.has(text(type)))
  const columnTypes = gatherMaps(
    ofOurs.map(([table, , column, type]) => [nameOf(table), text(column), text(type)]),
  )
  return { types, columnTypes }
}

const readCode = (
  rows: FactRows,
): Pick<PostgresFacts, 'builtins' | 'functions' | 'operators' | 'casts' | 'comparers'> => ({
  builtins: new Map(rows.builtins.map(([name, kind]) => [text(name), kind as Volatility])),
  functions: rows.functions.map(
    ([schema, name, extension, volatility, constructs, body, types]) => ({
      schema: text(schema),
      name: text(name),
      extension: extension ?? null,
      volatility: volatility as Volatility,
      isConstructor: constructs === 't',
      body: body ?? undefined,
      types: list(types),
    }),
  ),
  operators: rows.operators.map(([schema, name, called, types]) => ({
    schema: text(schema),
    name: text(name),
    function: text(called),
    types: list(types),
  })),
  casts: rows.casts.map(([to, toName, called, types, implicit]) => ({
    to: text(to),
    toName: text(toName),
    isImplicit: implicit === 't',
    function: text(called),
    types: list(types),
  })),
  comparers: rows.comparers.map(([called, types, type, makers]) => ({
    function: text(called),
    types: list(types),
    type: list(types).length === 0 ? (type ?? undefined) : undefined,
    makers: list(makers),
  })),
})

/** Every value of a key, in order. */
function gather(pairs: readonly (readonly [key: string, value: string])[]): Map<string, string[]> {
  const gathered = new Map<string, string[]>()
  for (const [key, value] of pairs) {
    const values = gathered.get(key)
    if (values === undefined) gathered.set(key, [value])
    else values.push(value)
  }
  return gathered
}

function gatherMaps(
  rows: readonly (readonly [table: string, key: string, value: string])[],
): Map<string, Map<string, string>> {
  const gathered = new Map<string, Map<string, string>>()
  for (const [table, key, value] of rows) {
    const known = gathered.get(table) ?? new Map<string, string>()
    gathered.set(table, known.set(key, value))
  }
  return gathered
}

/** Of a JSON list of names or numbers, as text: numbers are names here, not amounts. */
const list = (json: string | null | undefined): string[] =>
  (JSON.parse(json ?? '[]') as (number | string)[]).map(String)

const text = (value: string | null | undefined): string => value ?? ''
