import { AppError } from '../../base/error.ts'
import type { Catalog, Table } from '../../sources/catalog.ts'
import type { PostgresFacts } from '../../sources/postgres/facts.ts'
import type { TableRule, TableRules } from '../../sources/statement.ts'
import { closedColumns, isRestricted, type Visibility } from '../visibility.ts'
import type { CodeRules } from './code-rules.ts'
import { inspect, type Inspection, type NamedRelation } from './inspect.ts'
import { parseStatement } from './parse.ts'
import { isOpenSystemRelation } from './system-relations.ts'

export interface RelationSetting {
  readonly catalog: Catalog
  readonly facts: PostgresFacts
  /** In the catalog's spelling. */
  readonly visibility: Visibility
  readonly code: CodeRules
}

/** Which tables and views may be read, and what reading them sets off. */
export class RelationRules {
  readonly tables: TableRules
  readonly #setting: RelationSetting
  /** By `schema.name`. */
  readonly #qualified: ReadonlyMap<string, Table>
  readonly #plain: ReadonlyMap<string, Table>
  readonly #definitions = new Map<string, Inspection | undefined>()
  /** Views whose definition has been judged: undefined where it sets off nothing that is refused. */
  readonly #judgedViews = new Map<string, AppError | undefined>()

  constructor(setting: RelationSetting) {
    const { catalog, facts } = setting
    this.#setting = setting
    this.#plain = new Map(
      catalog.tables.filter(({ path }) => path === undefined).map((table) => [table.name, table]),
    )
    this.#qualified = new Map(
      catalog.tables.map((table) => [
        table.path?.join('.') ?? `${facts.schemaOf.get(table.name) ?? ''}.${table.name}`,
        table,
      ]),
    )
    this.tables = this.#toRules()
  }

  /**
   * The tables that a statement names.
   * @throws AppError `not_open`, `unknown_table`, `statement_refused`
   */
  check({ relations }: Inspection): readonly { named: NamedRelation; table: Table }[] {
    return relations.flatMap((named) => {
      const table = this.resolve(named)
      if (table === undefined) {
        this.#checkSystem(named)
        return []
      }
      if (this.tables.get(table.name)?.access !== 'open') throw notOpen(table)
      this.#checkCode(table, new Set())
      return [{ named, table }]
    })
  }

  /** The table of the catalog that PostgreSQL would find, or undefined for one of the system or none. */
  resolve({ schema, name }: NamedRelation): Table | undefined {
    return schema === undefined ? this.#plain.get(name) : this.#qualified.get(`${schema}.${name}`)
  }

  #checkSystem({ schema, name }: NamedRelation): void {
    const isSystem = schema === 'information_schema' || name.startsWith('pg_')
    if (!isSystem) throw unknownTable(schema === undefined ? name : `${schema}.${name}`)
    const isOpen =
      !isRestricted(this.#setting.visibility) && isOpenSystemRelation(schema ?? 'pg_catalog', name)
    if (isOpen && (schema === undefined || systemSchemas.has(schema))) return
    throw new AppError('not_open', `The system's ${name} is not open here.`, {
      hint: 'Call get_schema for tables and columns.',
    })
  }

  /** What the table sets off when it is read: the definition of a view, policies on rows. */
  #checkCode(table: Table, above: ReadonlySet<string>): void {
    for (const expression of this.#setting.facts.policies.get(table.name) ?? []) {
      this.#setting.code.checkExpression(expression)
    }
    const isView = table.definition !== null && table.kind !== 'materialized'
    if (!isView || above.has(table.name)) return
    const known = this.#judgedViews.get(table.name)
    if (!this.#judgedViews.has(table.name)) {
      this.#judgedViews.set(table.name, this.#judgeView(table, new Set([...above, table.name])))
    }
    const failure = known ?? this.#judgedViews.get(table.name)
    if (failure !== undefined) throw failure
  }

  #judgeView(view: Table, above: ReadonlySet<string>): AppError | undefined {
    try {
      const found = inspect(parseStatement(view.definition ?? ''))
      this.#setting.code.check(found)
      for (const named of found.relations) {
        const table = this.resolve(named)
        if (table !== undefined) this.#checkCode(table, above)
      }
      return undefined
    } catch (error) {
      const reason = error instanceof AppError ? ` ${error.message}` : ''
      return new AppError(
        'statement_refused',
        `The view ${view.name} may not be read here.${reason}`,
      )
    }
  }

  #toRules(): TableRules {
    const { catalog, visibility } = this.#setting
    const closed = new Map(
      catalog.tables.map(({ name }) => [name, closedColumns(visibility, name, exactly)] as const),
    )
    const rules = new Map<string, TableRule>()
    for (const table of catalog.tables) {
      const reachesClosed = this.#reachesClosed(table, closed, new Set())
      const access = reachesClosed ? 'closed' : this.#accessOf(table)
      rules.set(table.name, { access, closedColumns: closed.get(table.name) ?? new Map() })
    }
    return rules
  }

  #accessOf({ name, kind }: Table): TableRule['access'] {
    const { visibility, facts } = this.#setting
    const isNamed = visibility.tables?.includes(name) === true
    // Its rows may come from a file or a program: open where the config names it.
    const wrapper = facts.wrapperOf.get(name) ?? 'postgres_fdw'
    if (wrapper !== 'postgres_fdw') return isNamed ? 'open' : 'closed'
    // A partition would show what is closed in the whole.
    if (kind === 'shadow' && isRestricted(visibility)) return isNamed ? 'open' : 'closed'
    return visibility.tables === undefined || isNamed ? 'open' : 'closed'
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

  /** True for a view whose rows may be made of a closed column: PostgreSQL gives them past any mask. */
  #reachesClosed(
    table: Table,
    closed: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
    above: ReadonlySet<string>,
  ): boolean {
    if (table.definition === null || above.has(table.name)) return false
    if ([...closed.values()].every(({ size }) => size === 0)) return false
    const found = this.#inspectDefinition(table)
    if (found === undefined) return true
    return found.relations.some((named) => {
      const source = this.resolve(named)
      if (source === undefined) return false
      const columns = [...(closed.get(source.name)?.keys() ?? [])]
      const reads = columns.some((column) => found.readsAll || found.columns.has(column))
      return reads || this.#reachesClosed(source, closed, new Set([...above, table.name]))
    })
  }
}

/** Names are told apart by case. */
export const exactly = (name: string): string => name

const systemSchemas = new Set(['pg_catalog', 'information_schema'])

const notOpen = ({ name }: Table): AppError =>
  new AppError('not_open', `The table ${name} is not open.`, { subject: name })

const unknownTable = (name: string): AppError =>
  new AppError('unknown_table', `There is no table ${name}.`, { subject: name })
