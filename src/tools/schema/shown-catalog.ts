import { toAppError } from '../../base/error.ts'
import type { Catalog } from '../../sources/catalog.ts'
import type { ServedSource } from '../served-source.ts'

/** A catalog younger than this is not read again for what it does not have. */
export const youngMs = 2000

/** The catalog as a model may see it; read again where the config did not match an older one. */
export async function shownCatalog(
  { source, guard }: ServedSource,
  signal: AbortSignal,
): Promise<Catalog> {
  try {
    return guard.show(await source.catalog(signal))
  } catch (error) {
    if (toAppError(error).code !== 'config_invalid' || !source.refresh(youngMs)) throw error
    return guard.show(await source.catalog(signal))
  }
}
