import { foldCase } from '../base/fold-case.ts'
import type { Catalog, Table } from '../sources/catalog.ts'
import type { Visibility } from './visibility.ts'

/**
 * The same visibility in the catalog's own spelling, for engines that tell `Orders` and `orders` apart:
 * a name of the config means the table of exactly that name, else the only one that differs in case.
 */
export function canonical({ tables, columns }: Visibility, catalog: Catalog): Visibility {
  return {
    tables: tables?.flatMap((name) => tableNamed(name, catalog)?.name ?? []),
    columns: Object.fromEntries(
      Object.entries(columns).flatMap(([key, rule]) => {
        const column = columnNamed(key, catalog)
        return column === undefined ? [] : [[column, rule]]
      }),
    ),
  }
}

/** The table that a name of the config means. */
export const tableNamed = (name: string, { tables }: Catalog): Table | undefined =>
  only(name, tables)

/** The column that `table.column` of the config means, in the catalog's spelling. */
export function columnNamed(key: string, { tables }: Catalog): string | undefined {
  const owners = tables.filter(({ name }) => foldCase(key).startsWith(`${foldCase(name)}.`))
  const found = owners.map((table) => {
    const column = only(key.slice(table.name.length + 1), table.columns)
    return { name: column && `${table.name}.${column.name}` }
  })
  return only(
    key,
    found.flatMap(({ name }) => (name === undefined ? [] : [{ name }])),
  )?.name
}

/** The thing of that very name, or the only one whose name differs in case alone. */
function only<Thing extends { readonly name: string }>(
  name: string,
  things: readonly Thing[],
): Thing | undefined {
  const exact = things.find((thing) => thing.name === name)
  const alike = things.filter((thing) => foldCase(thing.name) === foldCase(name))
  return exact ?? (alike.length === 1 ? alike[0] : undefined)
}
