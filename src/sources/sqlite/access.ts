import { foldCase } from '../../base/fold-case.ts'
import { AppError, type ErrorOptions } from '../../base/error.ts'
import type { TableRule } from '../statement.ts'
import { type AccessRules, isEngineTable, type SqliteTerms } from './terms.ts'

/** Result and action codes of https://sqlite.org/c3ref/c_alter_table.html */
const permit = 0
const deny = 1
const ignore = 2
const action = { pragma: 19, read: 20, select: 21, function: 31, recursive: 33 } as const

/** What the actions that are never allowed do, for the reason given. */
const forbidden: Readonly<Record<number, string>> = {
  9: 'deletes rows',
  18: 'writes rows',
  22: 'opens or ends a transaction',
  23: 'writes rows',
  24: 'attaches another database',
  25: 'detaches a database',
  32: 'sets a savepoint',
}

/** Two names whose meaning depends on the action, the database, and the innermost view or trigger. */
type Subjects = [string | null, string | null, string | null, string | null]

/**
 * Answers SQLite when it asks, while it prepares and runs a statement, whether it may
 * (https://sqlite.org/c3ref/set_authorizer.html). What is not expressly allowed is denied; a closed
 * column reads as NULL. Stays on while rows are read, because extensions prepare statements then.
 */
export class Access {
  #question: SqliteTerms | undefined
  #refusal: AppError | undefined
  #reads = false
  readonly #masked = new Set<string>()
  readonly #hidden = new Set<string>()

  /** From here on every action is judged; before, and after `end`, the worker's own work is not. */
  begin(question: SqliteTerms): void {
    this.#question = question
    this.#refusal = undefined
    this.#reads = false
    this.#masked.clear()
    this.#hidden.clear()
  }

  end(): void {
    this.#question = undefined
  }

  /** Why it was denied, where it was. */
  get refusal(): AppError | undefined {
    return this.#refusal
  }

  /** True once SQLite has said that the statement reads. VACUUM, for one, never says anything. */
  get reads(): boolean {
    return this.#reads
  }

  /** `table.column` of every masked column that was read. */
  get masked(): readonly string[] {
    return [...this.#masked]
  }

  /** Names of hidden columns that came in by `*`. */
  get hidden(): ReadonlySet<string> {
    return this.#hidden
  }

  readonly authorize = (code: number, ...[first, second, , view]: Subjects): number => {
    const question = this.#question
    if (question === undefined) return permit
    switch (code) {
      case action.select:
      case action.recursive:
        this.#reads = true
        return permit
      case action.read:
        return this.#read(question, lower(first), { column: lower(second), view: lower(view) })
      case action.function:
        return this.#callFunction(question.rules, lower(second))
      case action.pragma:
        return this.#readSetting(question.rules, lower(first), lower(second))
      default:
        return this.#deny(
          'statement_refused',
          `The statement ${forbidden[code] ?? 'changes the database'}; only reading is possible here.`,
        )
    }
  }

  #read(
    question: SqliteTerms,
    table: string,
    { column, view }: { column: string; view: string },
  ): number {
    const rule = question.rules.tables.get(table)
    const closed = rule?.closedColumns.get(column)
    if (closed === 'hide') return this.#hide(question, table, column)
    if (closed === 'mask') {
      this.#masked.add(`${table}.${column}`)
      return ignore
    }
    if (rule?.access === 'open' || mayReadFor(question, table, { rule, column, view }))
      return permit
    if (question.rules.views.has(view) && question.commonTables.has(view)) {
      return this.#deny(
        'statement_refused',
        `A view uses the name ${view}; a WITH may not take it here.`,
      )
    }
    return this.#deny('not_open', `The table ${table} is not open.`, { subject: table })
  }

  #hide(question: SqliteTerms, table: string, column: string): number {
    if (question.hidden.has(`${table}.${column}`)) {
      return this.#deny('not_open', `The column ${table}.${column} is not open.`, {
        subject: column,
      })
    }
    this.#hidden.add(column)
    return ignore
  }

  #callFunction(rules: AccessRules, name: string): number {
    if (rules.functions.has(name)) return permit
    return this.#deny('statement_refused', `The function ${name}() may not be called here.`, {
      subject: name,
      hint: 'Ask without it: only functions that read nothing but their arguments are called here.',
    })
  }

  #readSetting(rules: AccessRules, name: string, argument: string): number {
    this.#reads = true
    const allowed = rules.settings.get(name)
    if (allowed === 'any') return permit
    if (allowed === 'plain' && argument === '') return permit
    if (typeof allowed === 'object' && allowed.has(argument)) return permit
    const asked = argument === '' ? name : `${name}(${argument})`
    return this.#deny('statement_refused', `PRAGMA ${asked} may not be used here.`)
  }

  #deny(
    code: 'statement_refused' | 'not_open',
    message: string,
    about: Pick<ErrorOptions, 'subject' | 'hint'> = {},
  ): number {
    this.#refusal ??= new AppError(code, message, about)
    return deny
  }
}

interface Reading {
  readonly rule: TableRule | undefined
  /** Empty where only the existence of rows matters, as in count(*). */
  readonly column: string
  /** The innermost view or common table expression the reading happens in. */
  readonly view: string
}

/** True where an open view, an open virtual table or a common table expression stands for the table. */
function mayReadFor(
  { tableNames, commonTables, rules }: SqliteTerms,
  table: string,
  { rule, column, view }: Reading,
): boolean {
  // SQLite tells a view's reading from that of a common table expression by name only.
  const isTrusted = rules.views.has(view) && !commonTables.has(view)
  if (rule?.access === 'internal') return !tableNames.has(table)
  // The hidden column of a text index, which fts5vocab reads while it opens for a view that is open.
  if (column === table) return rule !== undefined && (isTrusted || !tableNames.has(table))
  if (column !== '') return isTrusted && rule !== undefined
  if (rule === undefined && !isEngineTable(table))
    return commonTables.has(table) || rules.commonTables.has(table)
  return isTrusted || !tableNames.has(table)
}

const lower = (text: string | null): string => foldCase(text ?? '')
