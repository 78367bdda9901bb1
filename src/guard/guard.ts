import { AppError } from '../base/error.ts'
import type { Catalog } from '../sources/catalog.ts'
import type { Dialect } from '../sources/source.ts'
import type { AccessRules, Parameter, Statement } from '../sources/statement.ts'
import { type Reading, readText } from './sqlite/read-text.ts'
import { toRules } from './sqlite/rules.ts'
import type { Visibility } from './visibility.ts'
import { toVisibleCatalog } from './visible-catalog.ts'

/** Characters of one statement. */
const longestStatement = 100_000

/** May this statement run on this source? Pure: no I/O, no clock. */
export interface Guard {
  /**
   * The statement as a source takes it, with the rules its engine enforces.
   * @throws AppError `statement_refused`, `syntax_error`, `invalid_input`
   */
  judge(text: string, catalog: Catalog, parameters?: Readonly<Record<string, Parameter>>): Statement
  /** The catalog as a model may see it. */
  show(catalog: Catalog): Catalog
}

/** What differs between dialects: the rules their engine is given, and what their text tells. */
interface DialectGuard {
  toRules(catalog: Catalog, visibility: Visibility): AccessRules
  readText(text: string, rules: AccessRules): Reading
}

const dialects: Readonly<Record<Dialect, DialectGuard>> = { sqlite: { toRules, readText } }

export function createGuard(dialect: Dialect, visibility: Visibility): Guard {
  const guard = dialects[dialect]
  // Once per catalog: a source sends a worker only rules that it does not hold yet.
  const rulesOf = remember((catalog) => guard.toRules(catalog, visibility))
  return {
    show: remember((catalog) => toVisibleCatalog(catalog, rulesOf(catalog), visibility)),
    judge(text, catalog, parameters = {}) {
      if (text.length > longestStatement) throw tooLong(text)
      const rules = rulesOf(catalog)
      const reading = guard.readText(text, rules)
      return { text, parameters, ...reading, rules, catalogVersion: catalog.version } as Statement
    },
  }
}

function remember<Result>(make: (catalog: Catalog) => Result): (catalog: Catalog) => Result {
  const made = new WeakMap<Catalog, { readonly result: Result }>()
  return (catalog) => {
    const known = made.get(catalog) ?? { result: make(catalog) }
    made.set(catalog, known)
    return known.result
  }
}

const tooLong = (text: string): AppError =>
  new AppError(
    'invalid_input',
    `The statement has ${text.length} characters; ${longestStatement} is the most.`,
  )
