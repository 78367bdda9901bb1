import { toAppError } from '../base/error.ts'
import { note } from '../base/report.ts'
import { Snapshot } from '../cache/snapshot.ts'
import type { Catalog } from './catalog.ts'

/** How long a source holds what it read of its tables, and who wants to know. */
export interface SchemaTerms {
  /** Milliseconds; as long as the driver thinks right where left out. */
  readonly keepMs?: number
  /** Told of each catalog that was read. */
  readonly onRead?: (catalog: Catalog) => void
}

/** The catalog of a source in memory. Without `keepMs` its driver notices changes itself. */
export class CatalogSnapshot extends Snapshot<Catalog> {
  constructor(
    load: () => Promise<Catalog>,
    { name, keepMs = Number.POSITIVE_INFINITY, onRead }: SchemaTerms & { readonly name: string },
  ) {
    super({
      load,
      keepMs,
      onRead,
      onStale: (error) =>
        note(
          `The schema of ${name} cannot be read anew (${toAppError(error).message}); the last one holds for a while.`,
        ),
    })
  }
}
