import { type AppError, toAppError } from '../base/error.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'

/** What cannot be served now, and why: every catalog is read and compared with the config. */
export async function findUnreachable(
  sources: DeclaredSources,
  signal: AbortSignal,
): Promise<Map<string, AppError>> {
  const failures = new Map<string, AppError>()
  const reach = async (declared: DeclaredSource): Promise<void> => {
    try {
      const { source, guard } = await declared.open()
      guard.show(await source.catalog(signal))
    } catch (error) {
      failures.set(declared.name, toAppError(error))
    }
  }
  await Promise.all([...sources.values()].map(reach))
  return failures
}
