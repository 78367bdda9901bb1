import type { SchemaTerms } from './catalog-snapshot.ts'

/** What the driver of an engine is given that runs in worker processes of ours. */
export interface EmbeddedOptions {
  readonly name: string
  /** Absolute; where a driver reads several files, a folder or a pattern. */
  readonly path: string
  /** Bytes that a statement may take. */
  readonly memoryBytes: number
  /** Statements that run at the same time, each in a process of its own. */
  readonly concurrency: number
  /** Milliseconds the longest statement may run. */
  readonly longestMs: number
  readonly schema?: SchemaTerms | undefined
}
