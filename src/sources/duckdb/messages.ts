/** What travels between the driver and its worker process (structured clone). */
import type { OnProgress } from '../../base/progress.ts'
import type { Catalog } from '../catalog.ts'
import type { Limits } from '../source.ts'
import type { Parameter } from '../statement.ts'
import type { Layout } from './files/layout.ts'
import type { ReadRules } from './terms.ts'

export interface OpenRequest {
  readonly kind: 'open'
  /** Absolute: a database, a folder, a data file, or a pattern. */
  readonly path: string
  /** What DuckDB may allocate for sorting, grouping and joining. */
  readonly memoryBytes: number
}

export interface QueryRequest {
  readonly kind: 'query'
  readonly text: string
  readonly parameters: readonly Parameter[]
  readonly catalogVersion: string
  readonly limits: Limits
  readonly prepareOnly: boolean
  /** Left out where the worker was sent the same rules last time. */
  readonly rules: ReadRules | undefined
  /** The tables that data files are shown as; left out for a database, and where the worker has it. */
  readonly layout: Layout | undefined
}

/** As the worker has it. */
export interface HeardRequest extends QueryRequest {
  readonly onProgress: OnProgress
}

export interface CatalogRequest {
  readonly kind: 'catalog'
  /** What was found out about data files before: files that did not change are not read again. */
  readonly known: Layout | undefined
}

export interface CatalogReply {
  readonly catalog: Catalog
  readonly layout: Layout | undefined
}

export type Request = OpenRequest | QueryRequest | CatalogRequest
