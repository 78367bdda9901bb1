/** What people and models bring from other dialects, and how it is said in this one. */
export interface Advice {
  /** How the dialect is called in a sentence: `SQLite`. */
  readonly title: string
  /** A function of other dialects, lower case → what to write instead. */
  readonly functions: Readonly<Record<string, string>>
  /** Functions that people mistype. */
  readonly common: readonly string[]
  /** Habits that the grammar does not know: what a text that failed to parse may hold, and the mend. */
  readonly habits: readonly (readonly [pattern: RegExp, advice: string])[]
}
