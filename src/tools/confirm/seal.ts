import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { toCanonical } from '../../base/canonical.ts'
import type { Plan } from '../tool.ts'

/** All that a confirmation is about; one for something else opens nothing. */
export interface Matter {
  /** A question to a person is not a token for a model. */
  readonly purpose: 'question' | 'token'
  /** Of the actor. */
  readonly actor: string
  readonly tool: string
  readonly plan: Plan
}

export interface Sealed {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What a seal that holds tells of itself. */
export interface Seal {
  /** Random: no two are alike. */
  readonly nonce: string
  readonly expiresAt: number
}

const nonceBytes = 16

/**
 * Seals that nobody else can make. Nothing of the matter is in them: they hold a random number, the time of
 * their end, and an HMAC (SHA-256) of these and of the matter.
 */
export class Sealer {
  readonly #key: string | Uint8Array
  readonly #withinMs: number

  /** @param key of this process alone where undefined */
  constructor({ key, withinMs }: { readonly key: string | undefined; readonly withinMs: number }) {
    this.#key = key ?? randomBytes(32)
    this.#withinMs = withinMs
  }

  seal(matter: Matter): Sealed {
    const nonce = randomBytes(nonceBytes).toString('base64url')
    const expiresAt = Date.now() + this.#withinMs
    return {
      text: [version, nonce, expiresAt, this.#sign({ nonce, expiresAt }, matter)].join('.'),
      expiresAt,
    }
  }

  /** What the seal says, where it was made here, for this matter, and not too long ago. */
  open(text: string, matter: Matter): Seal | undefined {
    const [, nonce, expiry, signature] = pattern.exec(text) ?? []
    if (nonce === undefined || expiry === undefined || signature === undefined) return undefined
    const seal = { nonce, expiresAt: Number(expiry) }
    const isOurs = isSame(signature, this.#sign(seal, matter))
    return isOurs && seal.expiresAt > Date.now() ? seal : undefined
  }

  #sign({ nonce, expiresAt }: Seal, { purpose, actor, tool, plan }: Matter): string {
    const signed = toCanonical([version, nonce, expiresAt, purpose, actor, tool, plan])
    return createHmac('sha256', this.#key).update(signed).digest('base64url')
  }
}

const version = 'v1'
const pattern = /^v1\.([\w-]{22})\.(\d{13})\.([\w-]{43})$/

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
