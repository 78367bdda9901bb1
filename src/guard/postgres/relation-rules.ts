import { AppError, toAppError } from '../../base/error.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { PostgresFacts } from '../../sources/postgres/facts.ts'
import type { TableRule, TableRules } from '../../sources/statement.ts'
import type { Visibility } from '../visibility.ts'
import { type ClosedColumns, spreadClosed } from './closed-columns.ts'
import { type CodeRules, userCode } from './code-rules.ts'
import { asCatalogSays, constantCalls } from './catalog-texts.ts'
import { inspect, type Inspection, type NamedRelation } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { checkSystemRelation } from './system-relations.ts'

export interface RelationSetting {
  readonly catalog: Catalog
  readonly facts: PostgresFacts
  /** In the catalog's spelling. */
  readonly visibility: Visibility
  /** Some table or column is closed. */
  readonly restricted: boolean
  readonly code: CodeRules
}

/** A table where a statement names it. */
export interface Placed {
  readonly named: NamedRelation
  readonly table: Table
}

/** Which tables and views may be read, and what reading them sets off. */
export class RelationRules {
  readonly tables: TableRules
  readonly #setting: RelationSetting
  /** By `schema.name`. */
  readonly #qualified: ReadonlyMap<string, Table>
  readonly #plain: ReadonlyMap<string, Table>
  readonly #byName: ReadonlyMap<string, Table>
  readonly #definitions = new Map<string, Inspection | undefined>()
  readonly #judged = new Map<string, AppError | undefined>()

  constructor(setting: RelationSetting) {
    const { catalog, facts, visibility } = setting
    this.#setting = setting
    this.#byName = new Map(catalog.tables.map((table) => [table.name, table]))
    this.#plain = new Map(
      catalog.tables.filter(({ path }) => path === undefined).map((table) => [table.name, table]),
    )
    this.#qualified = new Map(
      catalog.tables.map((table) => [
        table.path?.join('.') ?? `${facts.schemaOf.get(table.name) ?? ''}.${table.name}`,
        table,
      ]),
    )
    this.tables = this.#toRules(spreadClosed(catalog, facts, visibility))
  }

  /**
   * The tables that a statement names.
   * @throws AppError `not_open`, `unknown_table`, `statement_refused`
   */
  check(found: Inspection): readonly Placed[] {
    return found.relations.flatMap((named) => {
      const table = this.resolve(named)
      if (table === undefined) {
        this.#checkOther(named, found)
        return []
      }
      if (!this.isOpen(named)) throw notOpen(table)
      const failure = this.#judge(table)
      if (failure !== undefined) throw failure
      return [{ named, table }]
    })
  }

  /** The table of the catalog that PostgreSQL would find, or undefined for one of the system or none. */
  resolve({ schema, name }: Pick<NamedRelation, 'schema' | 'name'>): Table | undefined {
    return schema === undefined ? this.#plain.get(name) : this.#qualified.get(`${schema}.${name}`)
  }

  isOpen(named: Pick<NamedRelation, 'schema' | 'name'>): boolean {
    return this.tables.get(this.resolve(named)?.name ?? '')?.access === 'open'
  }

  /** The tables, and all that reading them was judged by: tables behind views and policies, parents of partitions. */
  behind(tables: readonly Table[]): ReadonlySet<Table> {
    const { childrenOf, policies } = this.#setting.facts
    const all = new Set(tables)
    for (const table of all) {
      const sources = this.#sourcesOf(table).filter(
        ({ name }) => table.definition !== null || childrenOf.has(name),
      )
      const asked = (policies.get(table.name) ?? []).flatMap((text) =>
        this.#namedIn(`SELECT ${text}`),
      )
      for (const one of [...sources, ...asked]) all.add(one)
    }
    return all
  }

  #namedIn(text: string): Table[] {
    const found = inspect(parseStatement(text))
    return found.relations.flatMap((named) => this.resolve(named) ?? [])
  }

  #checkOther(named: NamedRelation, found: Inspection): void {
    const { schema, name } = named
    const { facts, restricted } = this.#setting
    const schemas = schema === undefined ? facts.searchPath : [schema]
    if (schemas.some((one) => facts.sequences.has(`${one}.${name}`))) {
      if (restricted) throw notOpen({ name })
      return
    }
    const isSystem = schema === 'information_schema' || name.startsWith('pg_')
    if (!isSystem) throw unknownTable(schema === undefined ? name : `${schema}.${name}`)
    checkSystemRelation(named, found, restricted)
  }

  /** What the table sets off when it is read: the definition of a view, policies on rows, its types. */
  #judge(table: Table): AppError | undefined {
    const known = this.#judged.get(table.name)
    if (this.#judged.has(table.name)) return known
    // A view cannot read itself; what seems to is judged by the rest of it.
    this.#judged.set(table.name, undefined)
    const failure = this.#judgeAnew(table)
    this.#judged.set(table.name, failure)
    return failure
  }

  #judgeAnew(table: Table): AppError | undefined {
    const { facts, code } = this.#setting
    const reason = code.types.ofReading(table.name)
    if (reason !== undefined) return userCode(reason)
    for (const child of this.#childrenOf(table)) {
      const failure = this.#judge(child)
      if (failure !== undefined) return failure
    }
    const planning = this.#judgePlanning(table.name)
    if (planning !== undefined) return behind(`A plan for ${table.name} is`, planning)
    for (const expression of facts.policies.get(table.name) ?? []) {
      const failure = this.#judgeText(`SELECT ${expression}`)
      if (failure !== undefined) return behind(`The rows of ${table.name} are`, failure)
    }
    if (table.definition === null || table.kind === 'materialized') return undefined
    const failure = this.#judgeText(table.definition)
    return failure && behind(`The view ${table.name} is`, failure)
  }

  #judgePlanning(name: string): AppError | undefined {
    const { facts, code } = this.#setting
    const searcher = facts.searchers.get(name)?.find((target) => !code.mayCompare(target))
    if (searcher !== undefined) return userCode(`function ${searcher}()`)
    try {
      const calls = (facts.planned.get(name) ?? []).flatMap(constantCalls)
      for (const found of calls) code.check(asCatalogSays(found))
      return undefined
    } catch (error) {
      return toAppError(error)
    }
  }

  /** Of a text that the database runs by itself: whatever it reads was opened by whoever wrote it. */
  #judgeText(text: string): AppError | undefined {
    try {
      const found = asCatalogSays(inspect(parseStatement(text)))
      this.#setting.code.check(found, (attribute) => this.isColumn(attribute, found))
      const tables = found.relations.flatMap((named) => this.resolve(named) ?? [])
      const reason = this.#setting.code.types.ofUsing(tables, found)
      if (reason !== undefined) return userCode(reason)
      return tables.map((table) => this.#judge(table)).find((failure) => failure !== undefined)
    } catch (error) {
      return error instanceof AppError
        ? error
        : new AppError('statement_refused', 'It cannot be read.')
    }
  }

  /** True where nothing but tables that have the column bears the qualifier. */
  isColumn(
    { qualifier, name }: { readonly qualifier: string | undefined; readonly name: string },
    { relations, otherAliases }: Inspection,
  ): boolean {
    if (qualifier === undefined || otherAliases.has(qualifier)) return false
    const owners = relations.filter((one) => (one.alias ?? one.name) === qualifier)
    const has = (table: Table | undefined): boolean =>
      table?.columns.some((column) => column.name === name) === true
    return owners.length > 0 && owners.every((one) => has(this.resolve(one)))
  }

  #toRules(closed: ClosedColumns): TableRules {
    const rules = new Map<string, TableRule>()
    const showsClosed = this.#through((table) => this.#showsClosed(table, closed))
    const isFromOutside = this.#through(({ name }) => this.#isFromOutside(name))
    for (const table of this.#setting.catalog.tables) {
      const access = showsClosed(table) ? 'closed' : this.#accessOf(table, isFromOutside(table))
      rules.set(table.name, { access, closedColumns: closed.get(table.name) ?? new Map() })
    }
    return rules
  }

  #accessOf({ name, kind }: Table, isFromOutside: boolean): TableRule['access'] {
    const { visibility, restricted } = this.#setting
    if (visibility.tables?.includes(name) === true) return 'open'
    if (isFromOutside) return 'closed'
    // A partition would show what is closed in the whole.
    if (kind === 'shadow' && restricted) return 'closed'
    return visibility.tables === undefined ? 'open' : 'closed'
  }

  /** The test of a table itself, or of any that its rows are made of. */
  #through(test: (table: Table) => boolean): (table: Table) => boolean {
    const known = new Map<string, boolean>()
    const visit = (table: Table): boolean => {
      const before = known.get(table.name)
      if (before !== undefined) return before
      known.set(table.name, false)
      const result = test(table) || this.#sourcesOf(table).some(visit)
      known.set(table.name, result)
      return result
    }
    return visit
  }

  /** Rows that come by another wrapper than that for PostgreSQL servers: out of a file, or of a program. */
  #isFromOutside(name: string): boolean {
    return (this.#setting.facts.wrapperOf.get(name) ?? 'postgres_fdw') !== 'postgres_fdw'
  }

  /** A view over a closed column gives it where no mask reaches. */
  #showsClosed(table: Table, closed: ClosedColumns): boolean {
    if (table.definition === null || closed.size === 0) return false
    const found = this.#inspectDefinition(table)
    if (found === undefined) return true
    return found.relations.some((named) => {
      const columns = [...(closed.get(this.resolve(named)?.name ?? '')?.keys() ?? [])]
      return columns.some((column) => found.readsAll || found.columns.has(column))
    })
  }

  /** What its rows are made of: those of a view's tables, of partitions and children. */
  #sourcesOf(table: Table): Table[] {
    const found = table.definition === null ? undefined : this.#inspectDefinition(table)
    const read = found?.relations.flatMap((named) => this.resolve(named) ?? []) ?? []
    return [...this.#childrenOf(table), ...read]
  }

  #childrenOf({ name }: Table): Table[] {
    const children = this.#setting.facts.childrenOf.get(name) ?? []
    return children.flatMap((child) => this.#byName.get(child) ?? [])
  }

  #inspectDefinition({ name, definition }: Table): Inspection | undefined {
    if (!this.#definitions.has(name)) {
      let found: Inspection | undefined
      try {
        found = inspect(parseStatement(definition ?? ''))
      } catch {
        // What cannot be read may hold anything.
      }
      this.#definitions.set(name, found)
    }
    return this.#definitions.get(name)
  }
}

const notOpen = ({ name }: Pick<Table, 'name'>): AppError =>
  new AppError('not_open', `The table ${name} is not open.`, { subject: name })

const unknownTable = (name: string): AppError =>
  new AppError('unknown_table', `There is no table ${name}.`, { subject: name })

const behind = (what: string, { message, hint }: AppError): AppError =>
  new AppError('statement_refused', `${what} made by code that may not run here. ${message}`, {
    hint,
  })
