import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Guard } from '../guard/guard.ts'
import type { Limits, Source } from '../sources/source.ts'

/** A source with all that belongs to serving it. */
export interface ServedSource {
  readonly source: Source
  readonly guard: Guard
  readonly limits: Limits
  readonly description: string | undefined
  /** Business notes for the model. */
  readonly context: string | undefined
}

export type ServedSources = ReadonlyMap<string, ServedSource>

/** The source of that name, or the only one. */
export function pickSource(sources: ServedSources, name: string | undefined): ServedSource {
  const names = [...sources.keys()]
  const wanted = name ?? (names.length === 1 ? names[0] : undefined)
  if (wanted === undefined) {
    throw new AppError('unknown_source', 'Which source? The argument source is missing.', {
      hint: `Sources: ${names.join(', ')}.`,
    })
  }
  const found = sources.get(wanted)
  if (found !== undefined) return found
  throw new AppError('unknown_source', `There is no source ${wanted}.`, {
    hint: `${didYouMean(wanted, names) ?? ''} Sources: ${names.join(', ')}.`.trim(),
  })
}
