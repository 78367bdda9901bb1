import type { Actor } from '../base/actor.ts'
import type { AppError } from '../base/error.ts'
import type { Arrival, Door } from '../edge/door.ts'

/** One door for as long as a server listens; who may come in is said by the edition that holds now. */
export class LiveDoor implements Door {
  #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  change(door: Door): void {
    this.#door = door
  }

  admit(arrival: Arrival): Promise<Actor> {
    return this.#door.admit(arrival)
  }

  missingScopes(actor: Actor, tool: string): readonly string[] {
    return this.#door.missingScopes(actor, tool)
  }

  challenge(error: AppError, scopes?: readonly string[]): string {
    return this.#door.challenge(error, scopes)
  }

  get metadata(): Door['metadata'] {
    return this.#door.metadata
  }
}
