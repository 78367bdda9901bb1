/** So many calls in so many seconds. */
export interface Rate {
  readonly calls: number
  readonly seconds: number
}

/** Each limit is one actor's; what is left out has no limit. */
export interface LimitsOptions {
  readonly perActor: Rate | undefined
  /** Of the calls of one tool, by its name. */
  readonly perTool: Readonly<Record<string, Rate>>
  /** Calls under way at once. */
  readonly concurrent: number | undefined
  readonly dailyRows: number | undefined
  /** Of the answers, as JSON. */
  readonly dailyBytes: number | undefined
  /** URL of the Redis that several processes count in; each counts for itself where undefined. */
  readonly store: string | undefined
  /** `open`: while the store is gone each process counts for itself; `closed`: calls are refused. */
  readonly whenStoreFails: 'open' | 'closed'
  /** What the names of all keys in the store begin with. */
  readonly keyPrefix: string
  /** Told in a sentence when the store is lost and when it is back. */
  readonly note: (text: string) => void
}
