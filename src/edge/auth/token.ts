/** A static token: a text that one person or program holds, of which the server knows the hash. */
import { createHash, randomBytes } from 'node:crypto'
import type { Grant } from '../../base/actor.ts'

export interface Token extends Grant {
  readonly name: string
  /** SHA-256 of the text, in hex. The text is 256 random bits: a slow hash would add nothing. */
  readonly hash: string
  readonly claims: Readonly<Record<string, string | number | boolean>>
  readonly created: Date
  readonly expires: Date
}

/** What may be shown of it. */
export function toShown(token: Token): Omit<Token, 'hash'> {
  const { hash: _, ...shown } = token
  return shown
}

/** By this a token is told from what a provider issues, and found by scanners for leaked secrets. */
const prefix = 'vitrine_'

export const isTokenText = (text: string): boolean => text.startsWith(prefix)

export const makeTokenText = (): string => `${prefix}${randomBytes(32).toString('base64url')}`

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What a token may be called; it is shown in tables and logs. */
export const tokenNamePattern = /^[a-z0-9][\w.@-]{0,63}$/i

export const mostLifetimeDays = 366

export const dayMs = 24 * 60 * 60 * 1000
