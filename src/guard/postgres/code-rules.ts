import { AppError } from '../../base/error.ts'
import { groupBy } from '../../base/group-by.ts'
import type {
  PostgresFacts,
  UserCast,
  UserCode,
  UserFunction,
} from '../../sources/postgres/facts.ts'
import { asCatalogSays } from './catalog-texts.ts'
import { isOpenBuiltin } from './builtin-functions.ts'
import { isOpenExtensionFunction } from './extensions.ts'
import {
  type Attribute,
  type Call,
  inspect,
  type Inspection,
  type QualifiedName,
} from './inspect.ts'
import { parseStatement } from './parse.ts'
import { isOpenEnded, readBodies } from './plain-functions.ts'
import { TypeRules } from './type-rules.ts'

/**
 * Which code a statement may set off: by the name of a function, an operator, a type, or a column that
 * is none. What somebody wrote for this database is refused, whatever it says of itself: PostgreSQL
 * takes an author's word that a function is stable.
 */
export class CodeRules {
  readonly types: TypeRules
  readonly #facts: PostgresFacts
  readonly #restricted: boolean
  readonly #functions: ReadonlyMap<string, readonly UserFunction[]>
  /** Those whose text can be read and computes from its arguments alone. */
  readonly #plain: ReadonlySet<UserFunction>
  /** Operators that may not be used: `schema.name`. */
  readonly #operators: ReadonlySet<string>
  /** What was found of a name: the same ones come back in statement after statement. */
  readonly #verdicts = new Map<string, AppError | undefined>()

  constructor(facts: PostgresFacts, restricted: boolean) {
    this.#facts = facts
    this.#restricted = restricted
    this.#functions = groupBy(facts.functions, ({ name }) => name)
    const bodies = readBodies(facts.functions)
    // One that calls another falls with it.
    const plain = new Set(bodies.keys())
    this.#plain = plain
    for (let before = -1; before !== plain.size;) {
      before = plain.size
      for (const [one, found] of bodies) if (!this.#isPlain(one, found)) plain.delete(one)
    }
    const isOpenTarget = (target: string): boolean => this.#isOpenTarget(target)
    this.#operators = new Set(
      facts.operators
        .filter((one) => one.types.length === 0 && !isOpenTarget(one.function))
        .flatMap(({ schema, name }) => [name, `${schema}.${name}`]),
    )
    this.types = new TypeRules({
      facts,
      isOpen: isOpenTarget,
      mayCompare: (target) => this.mayCompare(target),
      typesMadeBy: (expression) => this.#typesMadeBy(expression),
    })
  }

  /**
   * @param isColumn true for an attribute that can only be a column.
   * @throws AppError `statement_refused`, `unknown_function`
   */
  check(found: Inspection, isColumn: (attribute: Attribute) => boolean = () => false): void {
    const anywhere = this.types.ofAnything()
    if (anywhere !== undefined) throw userCode(anywhere)
    for (const call of distinct(found.functions))
      this.#throwOnce(`${call.arguments}()`, call, () => this.#judgeCall(call))
    for (const { schema, name } of distinct(found.operators)) {
      if (this.#operators.has(schema === undefined ? name : `${schema}.${name}`))
        throw userCode(`operator ${name}`)
    }
    for (const name of distinct(found.types))
      this.#throwOnce('::', name, () => this.#judgeType(name))
    for (const attribute of found.attributes) {
      if (!isColumn(attribute)) this.#checkAttribute({ schema: undefined, name: attribute.name })
    }
  }

  /** `expression.name` is a column, or else a call of any function, or a cast, of that name. */
  #checkAttribute(name: QualifiedName): void {
    const isFunction = this.#functions.has(name.name) || this.#facts.builtins.has(name.name)
    const call = { ...name, arguments: 1 }
    if (isFunction) this.#throwOnce('1()', name, () => this.#judgeFunction(call))
    this.#throwOnce('::', name, () => this.#judgeType(name))
  }

  #throwOnce(
    kind: string,
    { schema, name }: QualifiedName,
    judge: () => AppError | undefined,
  ): void {
    const key = `${kind}${schema ?? ''}.${name}`
    if (!this.#verdicts.has(key)) this.#verdicts.set(key, judge())
    const failure = this.#verdicts.get(key)
    if (failure !== undefined) throw failure
  }

  /** A range is made by a function of its name. */
  #judgeCall(call: Call): AppError | undefined {
    const makes = this.#functions.get(call.name)?.some(({ isConstructor }) => isConstructor)
    return this.#judgeFunction(call) ?? (makes === true ? this.#judgeType(call) : undefined)
  }

  #judgeFunction(call: Omit<Call, 'text'>): AppError | undefined {
    const { schema, name } = call
    // Helpers of the information schema's own views, which drivers call as well.
    if (schema === 'information_schema' && name.startsWith('_pg_')) return undefined
    const all = this.#functions.get(name) ?? []
    const called = all.filter((one) =>
      schema === undefined ? this.#isFound(one.schema) : one.schema === schema,
    )
    const mayBeBuiltin = schema === undefined || schema === 'pg_catalog'
    const volatility = mayBeBuiltin ? this.#facts.builtins.get(name) : undefined
    const closed = called.find((one) => !this.#isOpen(one))
    if (closed !== undefined) {
      if (closed.extension !== null) return extensionFunction(closed.extension, name)
      return userCode(`function ${name}()`, volatility === undefined ? undefined : name)
    }
    if (volatility !== undefined) {
      const question = { ...call, volatility, restricted: this.#restricted }
      const open = isOpenBuiltin(question)
      return open ? undefined : refusedFunction(name)
    }
    return called.length === 0 ? unknownFunction(name) : undefined
  }

  /** pg_catalog comes first of all, and somebody may have put something there. */
  #isFound(schema: string): boolean {
    return schema === 'pg_catalog' || this.#facts.searchPath.includes(schema)
  }

  /** A value of the type is made: its domain's checks run, and the casts to it. */
  #judgeType(name: QualifiedName): AppError | undefined {
    const reason = this.types.ofMaking(name)
    return reason === undefined ? undefined : userCode(reason)
  }

  /** Of an expression that is run by itself; undefined where it calls what may not be called. */
  #typesMadeBy(expression: string): readonly QualifiedName[] | undefined {
    try {
      const found = inspect(parseStatement(`SELECT ${expression}`))
      const { functions, operators, types } = asCatalogSays(found)
      const names = new Set(operators.map(({ schema, name }) => `${schema}.${name}`))
      const ours = this.#facts.operators.filter(({ schema, name }) =>
        names.has(`${schema}.${name}`),
      )
      const open =
        functions.every((call) => this.#judgeFunction(call) === undefined) &&
        ours.every((code) => this.#isOpenTarget(code.function))
      return open ? [...types, ...functions] : undefined
    } catch {
      return undefined
    }
  }

  #isOpen(one: UserFunction): boolean {
    const { extension, name, volatility, isConstructor } = one
    if (extension === null) return isConstructor || this.#plain.has(one)
    return isOpenExtensionFunction({ extension, name, volatile: volatility === 'v' })
  }

  /** All that its text can set off, with the values it has, may be called. */
  #isPlain({ types: held }: UserFunction, { functions, operators, types }: Inspection): boolean {
    const names = new Set([...functions, ...operators, ...types].map(({ name }) => name))
    const values = new Set([
      ...held,
      ...functions
        .flatMap(({ name }) => this.#functions.get(name) ?? [])
        .flatMap((one) => one.types),
    ])
    const meets = (code: UserCode): boolean =>
      code.types.length === 0 || code.types.some((type) => values.has(type))
    const { operators: ours, casts, types: all } = this.#facts
    // What it gives is cast to what it says it gives.
    const isCast = ({ toName, to, isImplicit }: UserCast): boolean =>
      names.has(toName) || isImplicit || held.includes(to) || !all.has(to)
    const used = [...ours.filter(({ name }) => names.has(name)), ...casts.filter(isCast)].filter(
      meets,
    )
    return (
      functions.every((call) => !isOpenEnded(call) && this.#judgeFunction(call) === undefined) &&
      used.every((code) => this.#isOpenTarget(code.function)) &&
      ![...all.values()].some(({ name }) => names.has(name))
    )
  }

  /** An extension brings the order of its types; what an order needs is computed from the values. */
  mayCompare(target: string): boolean {
    const { all } = this.#targets(target)
    const areExtensions = all.every(
      ({ extension, volatility }) => extension !== null && volatility === 'i',
    )
    return this.#isOpenTarget(target) || (all.length > 0 && areExtensions)
  }

  /** `schema.name` of a function that an operator or a cast calls. */
  #isOpenTarget(target: string): boolean {
    const { schema, name, all } = this.#targets(target)
    const areOpen = all.every((one) => this.#isOpen(one))
    const volatility = schema === 'pg_catalog' ? this.#facts.builtins.get(name) : undefined
    if (volatility === undefined) return all.length > 0 && areOpen
    return areOpen && isOpenBuiltin({ name, volatility, arguments: 2, restricted: false })
  }

  #targets(target: string): { schema: string; name: string; all: readonly UserFunction[] } {
    const dot = target.indexOf('.')
    const [schema, name] = [target.slice(0, dot), target.slice(dot + 1)]
    const all = this.#functions.get(name)?.filter((one) => one.schema === schema) ?? []
    return { schema, name, all }
  }
}

const distinct = <Name extends QualifiedName & { readonly arguments?: number }>(
  names: readonly Name[],
): Name[] => [
  ...new Map(
    names.map((one) => [`${one.schema ?? ''}.${one.name} ${one.arguments}`, one]),
  ).values(),
]

export const userCode = (what: string, builtin?: string): AppError =>
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
    hint: 'It is not known to read its arguments and nothing else. Ask without it.',
  })

const unknownFunction = (name: string): AppError =>
  new AppError('unknown_function', `There is no function ${name}().`, { subject: name })
