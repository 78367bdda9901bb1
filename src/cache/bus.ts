import type { Drop } from './drop.ts'

/** How the processes that serve the same config tell one another what to forget. */
export interface Bus {
  /**
   * Tells all others.
   *
   * @returns how many processes listen, this one among them; undefined where nobody knows
   * @throws AppError `source_unavailable` where they cannot be told
   */
  publish(drop: Drop): Promise<number | undefined>
  close(): void
}

export interface BusEars {
  readonly onDrop: (drop: Drop) => void
  /** Orders may have been missed: whatever is held may be wrong. */
  readonly onGap: () => void
}
