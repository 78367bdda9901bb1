import type { PrivateAddresses } from './address.ts'

export interface ApiLimits {
  /** Milliseconds of a call, its turn and all attempts included. */
  readonly timeoutMs: number
  /** Bytes of a response, unpacked; a longer one is not read. */
  readonly responseBytes: number
  /** Bytes of an answer, as JSON. */
  readonly answerBytes: number
  /** Items of any one list in an answer. */
  readonly items: number
  /** Bytes of one text in an answer. */
  readonly textBytes: number
  /** Connections at the same time. */
  readonly concurrency: number
}

/** An HTTP API, as the config declares it. */
export interface ApiOptions {
  readonly name: string
  /** Origin and, without a slash at its end, the path that all requests begin with. */
  readonly url: string
  /** The same as a person may be shown it: without a path that came out of a variable. */
  readonly shownUrl: string
  /** Sent with every request; `{claim:sub}` stands for that claim of the caller. May be credentials: never print them. */
  readonly headers: Readonly<Record<string, string>>
  /** Put into the query of every request. The same holds. */
  readonly query: Readonly<Record<string, string>>
  /** Texts of headers and query that nobody may read in an answer. */
  readonly secrets: readonly string[]
  /** Origins that a redirect may lead to, besides the API's own. */
  readonly hosts: readonly string[]
  readonly privateAddresses: PrivateAddresses
  readonly limits: ApiLimits
}

export const defaultApiLimits: ApiLimits = {
  timeoutMs: 4500,
  responseBytes: 5_000_000,
  answerBytes: 40_000,
  items: 500,
  textBytes: 4096,
  concurrency: 4,
}
