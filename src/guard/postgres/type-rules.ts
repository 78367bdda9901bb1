import { groupBy } from '../../base/group-by.ts'
import type { Table } from '../../sources/catalog.ts'
import type {
  PostgresFacts,
  UserCode,
  UserComparer,
  UserType,
} from '../../sources/postgres/facts.ts'
import type { Inspection, QualifiedName } from './inspect.ts'

/** What setting off code by a type would do, in words; undefined where it sets off nothing that is refused. */
export type Reason = string | undefined

export interface TypeSetting {
  readonly facts: PostgresFacts
  /** True for the function of that `schema.name` where it may be called. */
  readonly isOpen: (target: string) => boolean
  /** The same where it is called to compare values. */
  readonly mayCompare: (target: string) => boolean
  /** Types that an expression makes values of, which a domain checks; undefined where it calls what may not be called. */
  readonly typesMadeBy: (expression: string) => readonly QualifiedName[] | undefined
}

/**
 * Types whose values bring somebody's code with them: a domain that checks by it, a cast to a type, and
 * for whatever holds such values, casts that nobody writes and comparisons.
 */
export class TypeRules {
  readonly #facts: PostgresFacts
  readonly #byName: ReadonlyMap<
    string,
    readonly { readonly oid: string; readonly schema: string }[]
  >
  readonly #made: ReadonlyMap<string, Reason>
  readonly #held: ReadonlyMap<string, Reason>
  readonly #comparers: readonly UserComparer[]
  readonly #builtinsCastTo: ReadonlySet<string>
  readonly #castsAnything: Reason
  /** Operators and casts that may not be used with values of a type: `=`, `::text`. */
  readonly #uses: ReadonlyMap<string, readonly string[]>

  constructor({ facts, isOpen, mayCompare, typesMadeBy }: TypeSetting) {
    this.#facts = facts
    const named = [...facts.types].map(([oid, { name, schema }]) => ({ oid, name, schema }))
    this.#byName = groupBy(named, ({ name }) => name)
    const isClosed = (code: UserCode): boolean => !isOpen(code.function)
    const casts = facts.casts.filter(isClosed)
    const [anywhere] = casts.filter(
      ({ isImplicit, types, to }) => isImplicit && types.length === 0 && !facts.types.has(to),
    )
    this.#castsAnything = anywhere && `cast to the type ${anywhere.toName}`
    const castTo = new Set(casts.map(({ to }) => to))
    this.#builtinsCastTo = new Set(
      casts
        .filter(({ types, to }) => types.length === 0 && !facts.types.has(to))
        .map(({ toName }) => toName),
    )
    const checked = new Map(
      [...facts.types].map(([oid, { checks }]) => [oid, checks.map(typesMadeBy)]),
    )
    const madeBy = (oid: string): readonly QualifiedName[] =>
      (checked.get(oid) ?? []).flatMap((types) => types ?? [])
    this.#made = spread(
      facts.types,
      (oid, type) => {
        if (castTo.has(oid)) return `cast to the type ${type.name}`
        const calls = checked.get(oid)?.includes(undefined) === true
        const isCast = madeBy(oid).some(({ name }) => this.#builtinsCastTo.has(name))
        return calls || isCast ? `check of the domain ${type.name}` : undefined
      },
      (oid) =>
        madeBy(oid).flatMap(({ name }) => (this.#byName.get(name) ?? []).map((one) => one.oid)),
    )
    this.#comparers = facts.comparers.filter((code) => !mayCompare(code.function))
    const compared = new Set(this.#comparers.flatMap(({ types }) => types))
    const cast = new Set(casts.filter((one) => one.isImplicit).flatMap(({ types }) => types))
    this.#held = spread(facts.types, (oid, { name }) => {
      if (compared.has(oid)) return `order of the type ${name}`
      return cast.has(oid) ? `cast of the type ${name}` : undefined
    })
    this.#uses = gather([
      ...facts.operators.filter(isClosed).map(({ types, name }) => ({ types, use: name })),
      ...casts.map(({ types, toName }) => ({ types, use: `::${toName}` })),
    ])
  }

  /** Of making a value of the type named; of all types of that name where it says no schema. */
  ofMaking({ schema, name }: QualifiedName): Reason {
    if (this.#builtinsCastTo.has(name)) return `cast to the type ${name}`
    const named = this.#byName.get(name) ?? []
    return named
      .filter((type) => schema === undefined || type.schema === schema)
      .map(({ oid }) => this.#made.get(oid) ?? this.#held.get(oid))
      .find((reason) => reason !== undefined)
  }

  /**
   * Of what may compare, where a statement may hold values of a type of the server that somebody's code
   * compares: out of a column, a function or a cast.
   */
  #ofComparing(tables: readonly Table[], found: Inspection): Reason {
    const { compares, functions, operators, types, columns } = found
    if (this.#comparers.length === 0) return undefined
    // Arrays and rows are compared by what their parts are compared by, in operators and functions.
    if (!compares && functions.length + operators.length === 0) return undefined
    const isWhole = readsWhole(found)
    const read = tables
      .flatMap((table) => table.columns)
      .filter(({ name }) => isWhole || columns.has(name))
    const held = new Set([...read.map(({ type }) => type), ...types.map(({ name }) => name)])
    const called = new Set(functions.map(({ name }) => name))
    const comparer = this.#comparers.find(
      ({ type, makers }) =>
        type !== undefined &&
        (held.has(type) || held.has(`${type}[]`) || makers.some((name) => called.has(name))),
    )
    return comparer && `order of the type ${comparer.type}`
  }

  /** A cast between types of the server that is made where nobody writes it, and so anywhere. */
  ofAnything(): Reason {
    return this.#castsAnything
  }

  /** Of reading a table whose values are cast and compared by somebody's code. */
  ofReading(table: string): Reason {
    return this.#ofColumns(table, this.#held)
  }

  /** Of operators and casts that a statement uses, where it may use them with values of the table or of a type it names. */
  ofUsing(tables: readonly Table[], found: Inspection): Reason {
    const { functions, operators, types } = found
    const given = this.#givenBy(found)
    const { columns } = found
    const isWhole = readsWhole(found)
    const compared =
      this.#ofComparing(tables, found) ??
      given.map((oid) => this.#held.get(oid)).find((reason) => reason !== undefined)
    if (compared !== undefined) return compared
    const written = new Set([
      ...operators.map(({ name }) => name),
      ...types.map(({ name }) => `::${name}`),
      // Whatever makes JSON of a value casts it, where there is such a cast.
      ...functions.flatMap(({ name }) => (name.includes('json') ? ['::json', '::jsonb'] : [])),
    ])
    const held = tables.flatMap((table) =>
      [...(this.#facts.columnTypes.get(table.name) ?? [])]
        .filter(([column]) => isWhole || columns.has(column))
        .map(([, oid]) => oid),
    )
    const named = types.flatMap(({ name }) => (this.#byName.get(name) ?? []).map(({ oid }) => oid))
    const use = [...new Set([...held, ...named, ...given])]
      .flatMap((oid) => this.#usesOf(oid, new Set()))
      .find((one) => written.has(one))
    if (use === undefined) return undefined
    return use.startsWith('::') ? `cast to the type ${use.slice(2)}` : `operator ${use}`
  }

  /** Types of ours of the values that functions take and give. */
  #givenBy({ functions }: Inspection): string[] {
    const called = new Set(functions.map(({ name }) => name))
    return this.#facts.functions
      .filter(({ name }) => called.has(name))
      .flatMap(({ types }) => types)
  }

  #usesOf(oid: string, seen: Set<string>): readonly string[] {
    const type = this.#facts.types.get(oid)
    if (type === undefined || seen.has(oid)) return []
    seen.add(oid)
    return [
      ...(this.#uses.get(oid) ?? []),
      ...type.parts.flatMap((part) => this.#usesOf(part, seen)),
    ]
  }

  /** Of functions that make values of whatever type a column of the table has. */
  ofMakingLikeColumnsOf(table: string): Reason {
    return this.#ofColumns(table, this.#made)
  }

  #ofColumns(table: string, reasons: ReadonlyMap<string, Reason>): Reason {
    const types = [...(this.#facts.columnTypes.get(table)?.values() ?? [])]
    return types.map((oid) => reasons.get(oid)).find((reason) => reason !== undefined)
  }
}

/** True where it reads every column of some table, if only by the table's name. */
const readsWhole = ({ readsAll, relations, columns }: Inspection): boolean =>
  readsAll || relations.some(({ name, alias }) => columns.has(alias ?? name))

function gather(
  uses: readonly { readonly types: readonly string[]; readonly use: string }[],
): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>()
  for (const { types, use } of uses) {
    for (const oid of types) all.set(oid, [...(all.get(oid) ?? []), use])
  }
  return all
}

/** The reason of each type: its own, or that of something it is made of. */
function spread(
  types: ReadonlyMap<string, UserType>,
  ownReason: (oid: string, type: UserType) => Reason,
  otherParts: (oid: string) => readonly string[] = () => [],
): ReadonlyMap<string, Reason> {
  const reasons = new Map<string, Reason>()
  const visit = (oid: string): Reason => {
    const type = types.get(oid)
    if (type === undefined || reasons.has(oid)) return reasons.get(oid)
    // A type may hold itself, through an array: seen as harmless until the others are known.
    reasons.set(oid, undefined)
    const parts = [...type.parts, ...otherParts(oid)]
    const reason = [ownReason(oid, type), ...parts.map(visit)].find((one) => one !== undefined)
    reasons.set(oid, reason)
    return reason
  }
  for (const oid of types.keys()) visit(oid)
  return reasons
}
