import { AppError } from '../base/error.ts'
import type { Catalog } from '../sources/catalog.ts'
import type { Change } from '../sources/change.ts'
import type { Dialect } from '../sources/source.ts'
import type { Statement } from '../sources/statement.ts'
import { bind, type Bindings } from './bind.ts'
import type { DialectGuard } from './dialect-guard.ts'
import { findPlaceholders, type Placeholder } from './placeholders.ts'
import { refuseMissingNames } from './missing-names.ts'
import { remember } from './remember.ts'
import type { Visibility } from './visibility.ts'
import { toVisibleCatalog } from './visible-catalog.ts'

/** Characters of one statement. */
const longestStatement = 100_000

/**
 * May this statement run on this source? Pure: no I/O, no clock. Both throw `config_invalid` where the
 * config closes or opens what the catalog does not have: nothing is open by a slip of the pen.
 */
export interface Guard {
  /**
   * The statement as a source takes it, with what its engine enforces. With `bindings` each `:name` in the
   * text stands for a value, which comes beside it.
   * @throws AppError `statement_refused`, `not_open`, `syntax_error`, `invalid_input`, `unknown_table`
   */
  judge(text: string, catalog: Catalog, bindings?: Bindings): Statement
  /**
   * The same for a statement that changes rows. Its text comes from the config, and was written by whoever runs
   * the server: what is open to read says nothing of it.
   * @throws AppError `statement_refused`, `syntax_error`, `invalid_input`
   */
  judgeChange(text: string, terms: ChangeTerms): Change
  /** Where values stand in such a text. */
  placeholders(text: string): readonly Placeholder[]
  /** The catalog as a model may see it. */
  show(catalog: Catalog): Catalog
}

interface ChangeTerms {
  readonly bindings: Bindings
  /** It may do without WHERE. */
  readonly wholeTable: boolean
}

/** A dialect's grammar may be large: it is loaded on first use. */
const dialects: Readonly<Record<Dialect, () => Promise<DialectGuard>>> = {
  sqlite: async () => (await import('./sqlite/sqlite-guard.ts')).sqliteGuard,
  postgres: async () => (await import('./postgres/postgres-guard.ts')).loadPostgresGuard(),
  duckdb: async () => (await import('./duckdb/duckdb-guard.ts')).duckdbGuard,
  mysql: async () => (await import('./mysql/mysql-guard.ts')).mysqlGuard,
}

export async function createGuard(dialect: Dialect, visibility: Visibility): Promise<Guard> {
  const guard = await dialects[dialect]()
  // Once per catalog: a source sends a worker only rules that it does not hold yet.
  const prepared = remember((catalog: Catalog) => {
    refuseMissingNames(visibility, catalog)
    return guard.prepare(catalog, visibility)
  })
  return {
    show: remember((catalog: Catalog) => {
      const rules = { tables: prepared(catalog).tables, fold: guard.fold }
      return toVisibleCatalog(catalog, rules, visibility)
    }),
    judge(asked, catalog, bindings) {
      const { text, parameters } = bindings
        ? bind(asked, bindings, guard.binding)
        : { text: asked, parameters: [] }
      refuseUnreadable(text)
      const judged = prepared(catalog).judge(text, parameters.length)
      return { ...judged, parameters, catalogVersion: catalog.version } as Statement
    },
    judgeChange(asked, { bindings, wholeTable }) {
      const { text, parameters } = bind(asked, bindings, guard.binding)
      refuseUnreadable(text)
      if (guard.readChange === undefined) throw cannotWrite()
      const { table } = guard.readChange(text, wholeTable)
      return { text, parameters, table } as unknown as Change
    },
    placeholders: (text) => findPlaceholders(guard.binding.lexemes(text)),
  }
}

function refuseUnreadable(text: string): void {
  if (text.length > longestStatement) throw tooLong(text)
  if (text.includes('\0')) throw holdsNul()
}

const cannotWrite = (): AppError =>
  new AppError('config_invalid', 'This kind of source cannot be written to.')

const tooLong = (text: string): AppError =>
  new AppError(
    'invalid_input',
    `The statement has ${text.length} characters; ${longestStatement} is the most.`,
  )

const holdsNul = (): AppError =>
  new AppError('statement_refused', 'The statement holds a NUL character.')
