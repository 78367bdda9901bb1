import type { Bound } from './bound.ts'
import type { JudgedBy } from './facts.ts'
import { checkOf } from './judged-by.ts'

/** What a check was asked about. */
export interface Check {
  readonly key: string
  readonly bound: Bound
}

/** Under which names and for whom. */
interface Circumstances {
  readonly searchPath: readonly string[]
  readonly identity: readonly Bound[]
}

const most = 200

/** Of checks that have passed, in which snapshot: in the same one they pass again. */
export class Checks {
  readonly #passedIn = new Map<string, string>()

  of(judgedBy: JudgedBy, { searchPath, identity }: Circumstances): Check {
    const key = JSON.stringify([judgedBy, searchPath, identity.map(({ values }) => values)])
    return { key, bound: checkOf(judgedBy, this.#passedIn.get(key) ?? null) }
  }

  /** Nothing is kept where the server does not tell its snapshot. */
  notePassed({ key }: Check, snapshot: string | null | undefined): void {
    this.#passedIn.delete(key)
    if (snapshot === null || snapshot === undefined) return
    this.#passedIn.set(key, snapshot)
    const [oldest] = this.#passedIn.keys()
    if (this.#passedIn.size > most && oldest !== undefined) this.#passedIn.delete(oldest)
  }
}
