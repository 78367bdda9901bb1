/** What a server lists (MCP: list changed notifications). */
export type List = 'tools' | 'resources' | 'prompts'

type Hear = (lists: ReadonlySet<List>) => void

/**
 * Passes on that lists may be others than they were, from whoever changes what is served to whoever has
 * clients. What a list holds is for those to compare: each client is told of changes in its own only.
 */
export class ListChanges {
  readonly #ears = new Set<Hear>()

  tell(lists: readonly List[]): void {
    const changed = new Set(lists)
    for (const hear of this.#ears) hear(changed)
  }

  /** Gives what ends it. Those who came first are told first. */
  on(hear: Hear): () => void {
    this.#ears.add(hear)
    return () => this.#ears.delete(hear)
  }
}
