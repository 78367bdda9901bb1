import { foldCase } from '../base/fold-case.ts'
import { groupBy } from '../base/group-by.ts'
import type { Catalog, Column, Table } from '../sources/catalog.ts'
import type { Visibility } from './visibility.ts'

/**
 * The same visibility in the catalog's own spelling, for engines that tell `Orders` and `orders` apart:
 * a name of the config means the table of exactly that name, else the only one that differs in case.
 */
export function canonical({ tables, columns }: Visibility, catalog: Catalog): Visibility {
  const names = new CatalogNames(catalog)
  return {
    tables: tables?.flatMap((name) => names.table(name)?.name ?? []),
    columns: Object.fromEntries(
      Object.entries(columns).flatMap(([key, rule]) => {
        const column = names.column(key)
        return column === undefined ? [] : [[column, rule]]
      }),
    ),
  }
}

/** What the names of a config mean in a catalog. */
export class CatalogNames {
  readonly #tables: Alike<Table>

  constructor({ tables }: Catalog) {
    this.#tables = alike(tables)
  }

  table(name: string): Table | undefined {
    return only(name, this.#tables)
  }

  /** `table.column` in the catalog's spelling. Either name may hold dots. */
  column(key: string): string | undefined {
    const found = dotsIn(key).flatMap((dot) => {
      const owners = this.#tables.get(foldCase(key.slice(0, dot))) ?? []
      return owners.flatMap((table) => {
        const column = only<Column>(key.slice(dot + 1), alike(table.columns))
        return column === undefined ? [] : [{ name: `${table.name}.${column.name}` }]
      })
    })
    return only(key, alike(found))?.name
  }
}

const dotsIn = (key: string): number[] => [...key.matchAll(/\./g)].map(({ index }) => index)

/** Things by their folded names. */
type Alike<Thing> = ReadonlyMap<string, readonly Thing[]>

const alike = <Thing extends { readonly name: string }>(things: readonly Thing[]): Alike<Thing> =>
  groupBy(things, ({ name }) => foldCase(name))

/** The thing of that very name, or the only one whose name differs in case alone. */
function only<Thing extends { readonly name: string }>(
  name: string,
  things: Alike<Thing>,
): Thing | undefined {
  const found = things.get(foldCase(name)) ?? []
  return found.find((thing) => thing.name === name) ?? (found.length === 1 ? found[0] : undefined)
}
