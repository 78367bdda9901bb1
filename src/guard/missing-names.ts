import { AppError } from '../base/error.ts'
import { foldCase } from '../base/fold-case.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Catalog } from '../sources/catalog.ts'
import { CatalogNames } from './canonical.ts'
import type { Visibility } from './visibility.ts'

/** Something the config names that the database does not have. */
export interface MissingName {
  /** Where in the source's part of the config: `['tables', 1]` or `['columns', 'customers.email']`. */
  readonly path: readonly (string | number)[]
  /** For the person who wrote it: what is missing, and what was probably meant. */
  readonly message: string
}

/** Names of the config that match nothing: a column that was meant to be closed would stay open. */
export function missingNames(visibility: Visibility, catalog: Catalog): MissingName[] {
  const names = new CatalogNames(catalog)
  const tables = (visibility.tables ?? []).flatMap((name, index) =>
    names.table(name) === undefined
      ? [{ path: ['tables', index] as const, message: missingTable(name, catalog) }]
      : [],
  )
  const columns = Object.keys(visibility.columns).flatMap((name) =>
    names.column(name) === undefined
      ? [{ path: ['columns', name] as const, message: missingColumn(name, catalog) }]
      : [],
  )
  return [...tables, ...columns]
}

/** @throws AppError `config_invalid` where a name is missing; the names are told to a person only. */
export function refuseMissingNames(visibility: Visibility, catalog: Catalog): void {
  const missing = missingNames(visibility, catalog)
  if (missing.length === 0) return
  throw new AppError(
    'config_invalid',
    'The configuration of this source does not match its database; it is closed until it does.',
    {
      hint: 'Tell the person who runs the server: `vitrine check` says what does not match.',
      detail: `The configuration does not match the database. ${missing.map(({ message }) => message).join(' ')}`,
    },
  )
}

function missingTable(name: string, catalog: Catalog): string {
  const names = catalog.tables.map((table) => table.name)
  return `There is no table ${name}. ${didYouMean(name, names) ?? toList('Tables', names)}`
}

function missingColumn(name: string, catalog: Catalog): string {
  const owner = catalog.tables.find((table) =>
    foldCase(name).startsWith(`${foldCase(table.name)}.`),
  )
  if (owner === undefined) return missingTable(name.slice(0, name.lastIndexOf('.')), catalog)
  const column = name.slice(owner.name.length + 1)
  const names = owner.columns.map((one) => one.name)
  return `${owner.name} has no column ${column}. ${didYouMean(column, names) ?? toList('Columns', names)}`
}

/** Most names a message lists. */
const mostNames = 25

function toList(title: string, names: readonly string[]): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return `${title}: ${names.slice(0, mostNames).join(', ')}${more}.`
}
