import type { Actor } from '../../dist/base/actor.js'
import { Cache } from '../../dist/cache/cache.js'
import { createCacheGate } from '../../dist/tools/cache/cache-gate.js'
import type { CallTool, Reply } from '../../dist/tools/call.js'
import type { DeclaredSource, ServedSource } from '../../dist/tools/served-source.js'
import { readOnly, type Tool } from '../../dist/tools/tool.js'
import { noSignal } from './open.ts'

/** Everything that an answer depends on. */
export interface Question {
  readonly tool: string
  readonly source: string
  readonly version: string
  readonly given: unknown
  readonly actor: Actor
}

export interface How {
  /** The claim by which a source tells its rows apart; whoever has the same shares answers. */
  readonly shared?: string
  readonly signal?: AbortSignal
}

const ignore = (): void => undefined

/** The gate alone: in front of a source that says its version, and of what answers. */
export function openCacheGate(next: CallTool) {
  const options = { store: undefined, path: undefined, keyPrefix: '', note: ignore }
  const cache = new Cache({ ...options, mostBytes: 1e7, onSchemaChanged: ignore })
  const gate = createCacheGate(cache, 'edition')
  return async (question: Question, { shared, signal = noSignal }: How = {}): Promise<Reply> => {
    const { tool: name, source: sourceName, version, given, actor } = question
    await cache.attach(sourceName, { forget: ignore, refresh: () => false })
    cache.noteSchema(sourceName, version)
    const served = {
      source: { catalog: async () => ({ version }) },
      identity: shared === undefined ? {} : { 'app.it': shared },
    } as unknown as ServedSource
    const source = { name: sourceName, open: async () => served } as unknown as DeclaredSource
    const terms = { ttlMs: 60_000, isShared: shared !== undefined, isFresh: false }
    const tool: Tool = {
      name,
      title: '',
      description: '',
      inputSchema: { type: 'object' },
      annotations: readOnly,
      subject: () => ({}),
      cached: (input) => ({ ...terms, source, arguments: input }),
      run: async () => ({}),
    }
    const context = { signal, actor }
    return gate({ tool, arguments: given, context, origin: { transport: 'http' } }, next)
  }
}
