/** The list of resources is another one, or what one of them holds (MCP: resources, subscriptions). */
export type ResourceChange =
  | { readonly kind: 'resources' }
  | { readonly kind: 'resource'; readonly uri: string }

type Hear = (change: ResourceChange) => void

/**
 * Passes on what changes in resources, from whoever looks to whoever has clients. It is looked for only while
 * somebody listens.
 */
export class ResourceChanges {
  readonly #ears = new Set<Hear>()
  readonly #watch: (tell: Hear) => () => void
  #stop: (() => void) | undefined

  /** `watch` begins to look, and gives what ends that. */
  constructor(watch: (tell: Hear) => () => void) {
    this.#watch = watch
  }

  /** Gives what ends it. */
  on(hear: Hear): () => void {
    this.#ears.add(hear)
    this.#stop ??= this.#watch((change) => this.#tell(change))
    return () => {
      this.#ears.delete(hear)
      if (this.#ears.size > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }

  /** There are other resources than there were. */
  lookAnew(): void {
    if (this.#stop === undefined) return
    this.#stop()
    this.#stop = this.#watch((change) => this.#tell(change))
    this.#tell({ kind: 'resources' })
  }

  #tell(change: ResourceChange): void {
    for (const hear of this.#ears) hear(change)
  }
}
