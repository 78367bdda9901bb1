import type { Method } from './method.ts'

/** A request below the URL of an API. */
export interface ApiRequest {
  readonly method: Method
  /** Begins with a slash; encoded. */
  readonly path: string
  /** Encoded, without its question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body?: string | undefined
}
