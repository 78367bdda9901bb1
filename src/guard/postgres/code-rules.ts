import { AppError } from '../../base/error.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { PostgresFacts, UserFunction } from '../../sources/postgres/facts.ts'
import { isOpenBuiltin } from './builtin-functions.ts'
import { isOpenExtensionFunction } from './extensions.ts'
import { inspect, type Inspection, type QualifiedName } from './inspect.ts'
import { parseStatement } from './parse.ts'

/**
 * Which code a statement may set off: by the name of a function, an operator, a type, or a column that
 * is none. What somebody wrote for this database is refused, whatever it says of itself: PostgreSQL
 * takes an author's word that a function is stable.
 */
export class CodeRules {
  readonly #facts: PostgresFacts
  readonly #restricted: boolean
  readonly #functions: ReadonlyMap<string, readonly UserFunction[]>
  readonly #operators: ReadonlySet<string>
  /** Types that somebody's cast converts. */
  readonly #castTypes: ReadonlySet<string>
  readonly #rowTypes: ReadonlyMap<string, Table>
  /** Functions that may not be called and take a row: `alias.name` calls them. */
  readonly #rowFunctions: ReadonlySet<string>

  constructor(catalog: Catalog, facts: PostgresFacts, restricted: boolean) {
    this.#facts = facts
    this.#restricted = restricted
    this.#functions = byName(facts.functions)
    this.#rowFunctions = new Set(
      facts.functions.filter((one) => one.takesRow && !isOpen(one)).map(({ name }) => name),
    )
    this.#operators = new Set(
      facts.operators.filter((one) => !this.#isOpenTarget(one.function)).map(({ name }) => name),
    )
    this.#castTypes = new Set(
      facts.casts
        .filter((cast) => !this.#isOpenTarget(cast.function))
        .flatMap(({ from, to }) => (builtinTypes.has(from) ? [to] : [from, to])),
    )
    this.#rowTypes = new Map(
      catalog.tables.map((table) => [table.path?.at(-1) ?? table.name, table]),
    )
  }

  /** @throws AppError `statement_refused`, `unknown_function` */
  check({ functions, operators, types, attributes }: Inspection): void {
    for (const name of functions) this.#checkFunction(name)
    for (const name of operators) this.#checkOperator(name)
    for (const { name } of types) this.#checkType(name, new Set())
    for (const name of attributes) {
      if (this.#rowFunctions.has(name)) throw userCode(`function ${name}()`)
    }
  }

  /** The same for an expression that the database runs by itself: of a domain, of a policy. */
  checkExpression(expression: string): void {
    this.check(inspect(parseStatement(`SELECT ${expression}`)))
  }

  #checkFunction({ schema, name }: QualifiedName): void {
    const all = this.#functions.get(name) ?? []
    const called = all.filter((one) =>
      schema === undefined ? this.#facts.searchPath.includes(one.schema) : one.schema === schema,
    )
    const volatility = this.#facts.builtins.get(name)
    const mayBeBuiltin = schema === undefined || schema === 'pg_catalog'
    const closed = called.find((one) => !isOpen(one))
    if (closed !== undefined) {
      if (closed.extension !== null) throw extensionFunction(closed.extension, name)
      throw userCode(`function ${name}()`, mayBeBuiltin && volatility ? name : undefined)
    }
    if (mayBeBuiltin && volatility !== undefined) {
      if (isOpenBuiltin({ name, volatility, restricted: this.#restricted })) return
      throw refusedFunction(name)
    }
    if (called.length === 0) throw unknownFunction(name)
  }

  #checkOperator({ schema, name }: QualifiedName): void {
    if (schema === 'pg_catalog' || !this.#operators.has(name)) return
    throw userCode(`operator ${name}`)
  }

  /** A value of the type is made: its domain's checks run, and the casts to it. */
  #checkType(written: string, seen: Set<string>): void {
    const name = written.replace(/^_/, '')
    if (seen.has(name)) return
    seen.add(name)
    if (this.#castTypes.has(name)) throw userCode(`cast of the type ${name}`)
    for (const expression of this.#facts.domains.get(name) ?? []) {
      try {
        this.checkExpression(expression)
      } catch {
        throw userCode(`check of the domain ${name}`)
      }
    }
    const parts = this.#rowTypes.get(name)?.columns.map(({ type }) => type)
    for (const type of parts ?? this.#facts.composites.get(name) ?? []) {
      this.#checkType(bareType(type), seen)
    }
  }

  /** `schema.name` of a function that an operator or a cast calls. */
  #isOpenTarget(target: string): boolean {
    const dot = target.indexOf('.')
    const [schema, name] = [target.slice(0, dot), target.slice(dot + 1)]
    if (schema === 'pg_catalog') {
      const volatility = this.#facts.builtins.get(name) ?? 'v'
      return isOpenBuiltin({ name, volatility, restricted: false })
    }
    const all = this.#functions.get(name)?.filter((one) => one.schema === schema) ?? []
    return all.length > 0 && all.every(isOpen)
  }
}

function byName(functions: readonly UserFunction[]): Map<string, UserFunction[]> {
  const all = new Map<string, UserFunction[]>()
  for (const one of functions) all.set(one.name, [...(all.get(one.name) ?? []), one])
  return all
}

const isOpen = ({ extension, name, volatility }: UserFunction): boolean =>
  extension !== null && isOpenExtensionFunction({ extension, name, volatile: volatility === 'v' })

/** `app.price(10,2)[]` is of the type price. */
const bareType = (written: string): string =>
  written
    .replace(/[([].*$/, '')
    .trim()
    .replace(/^.*\./, '')
    .replaceAll('"', '')

/** Types whose values are everywhere: a cast from one of them is known by what it gives. */
const builtinTypes = new Set(
  'int2 int4 int8 float4 float8 numeric text varchar bpchar bool date timestamp timestamptz json jsonb'.split(
    ' ',
  ),
)

const userCode = (what: string, builtin?: string): AppError =>
  new AppError(
    'statement_refused',
    `The ${what} was written for this database, and nobody can tell what it does; it may not be used here.`,
    builtin === undefined
      ? { hint: 'Write what it computes into the statement.' }
      : { hint: `For PostgreSQL's own, write pg_catalog.${builtin}(…).` },
  )

const extensionFunction = (extension: string, name: string): AppError =>
  new AppError(
    'statement_refused',
    `The function ${name}() of the extension ${extension} may not be called here.`,
    { subject: name, hint: 'It is not known to read only its arguments. Ask without it.' },
  )

const refusedFunction = (name: string): AppError =>
  new AppError('statement_refused', `The function ${name}() may not be called here.`, {
    subject: name,
    hint: 'It does more than read its arguments. Ask without it.',
  })

const unknownFunction = (name: string): AppError =>
  new AppError('unknown_function', `There is no function ${name}().`, { subject: name })
