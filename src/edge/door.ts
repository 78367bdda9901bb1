import type { Actor } from '../base/actor.ts'
import type { AppError } from '../base/error.ts'

/** What of an HTTP request is known before its body is read. */
export interface Arrival {
  /** The value of a header, named in small letters. */
  header(name: string): string | undefined
  /** The address of whoever opened the connection. */
  readonly address: string
}

/** A request that was turned away before it became a call. */
export interface Refusal {
  readonly arrival: Arrival
  readonly error: AppError
  /** Where it is known who asked, and for what. */
  readonly actor?: Actor
  readonly tool?: string
}

/** Who may come in. Composed by `app/` out of what the config allows; HTTP only. */
export interface Door {
  /**
   * @throws AppError `unauthenticated` or `not_allowed`; `source_unavailable` where nobody can say,
   *   because the provider is down or the file of tokens is broken
   */
  admit(arrival: Arrival): Promise<Actor>
  /**
   * Scopes to ask for so that this tool opens to an actor it is closed to, with those that the actor
   * has, for a client asks for all in one go; none where nothing would open it.
   */
  missingScopes(actor: Actor, tool: string): readonly string[]
  /** The value of WWW-Authenticate (RFC 6750 §3, RFC 9728 §5.1), with the scopes of a step-up. */
  challenge(error: AppError, scopes?: readonly string[]): string
  /** What clients learn of the authorization server (RFC 9728); undefined where there is none. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined
}

/** Lets everybody in as one actor: for an address that only this machine reaches. */
export const openDoor = (actor: Actor): Door => ({
  admit: async () => actor,
  missingScopes: () => [],
  challenge: () => 'Bearer',
  metadata: undefined,
})
