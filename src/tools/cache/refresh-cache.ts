import { z } from 'zod'
import { type Scope, scopes } from '../../cache/drop.ts'
import type { Caching, DeclaredSource, DeclaredSources } from '../served-source.ts'
import { type Answer, defineSourceTool, readOnly, type Tool } from '../tool.ts'

/** What a model does that knows better than what is held in memory; nothing where nothing is. */
export function refreshCache(sources: DeclaredSources): readonly Tool[] {
  const isHeld = [...sources.values()].some(({ caching }) => caching !== undefined)
  if (!isHeld) return []
  const tool = defineSourceTool(sources, {
    name: 'refresh_cache',
    title: 'Refresh the cache',
    description: 'Reads the schema anew and drops cached answers.',
    input: z.strictObject({ scope: z.enum(scopes).optional() }),
    annotations: { ...readOnly, readOnlyHint: false },
    run: ({ scope = 'all' }, source, { signal }) => refresh(source, scope, signal),
  })
  return [tool]
}

async function refresh(
  declared: DeclaredSource,
  scope: Scope,
  signal: AbortSignal,
): Promise<Answer> {
  const { source } = await declared.open()
  const dropped = await drop(declared.caching, { source: declared.name, scope })
  const { version } = await source.catalog(signal)
  return { source: declared.name, ...dropped, schema_version: version }
}

async function drop(
  caching: Caching | undefined,
  order: { readonly source: string; readonly scope: Scope },
): Promise<Answer> {
  const done = await caching?.cache.refresh(order)
  if (done === undefined) return { dropped: { schema: false, results: 0 }, hint: justRefreshed }
  const { results, untold } = done
  return {
    dropped: { schema: order.scope !== 'results', results },
    ...(untold && { hint: `${untold.message} ${untold.hint}` }),
  }
}

const justRefreshed =
  'It was refreshed a moment ago; what changed since then is seen if you call again.'
