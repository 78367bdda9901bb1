import { invalidToken } from './refusal.ts'

/** RFC 6750 §2.1: the scheme in any case, one token of these characters. */
const bearerPattern = /^bearer +([\w.~+/-]+=*) *$/i

/**
 * The token of an Authorization header; undefined where there is none of that scheme.
 *
 * @throws AppError `unauthenticated` for what is meant to be one and is not
 */
export function readBearer(header: string | undefined): string | undefined {
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) return undefined
  const [, token] = bearerPattern.exec(header) ?? []
  if (token === undefined) throw invalidToken()
  return token
}
