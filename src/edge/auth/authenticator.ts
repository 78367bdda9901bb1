import type { Actor } from '../../base/actor.ts'

/** Knows one kind of token. */
export interface Authenticator {
  /** @throws AppError `unauthenticated`, `not_allowed`, or `source_unavailable` where nobody can say */
  actorOf(token: string): Promise<Actor>
}
