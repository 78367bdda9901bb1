/** How the door says no. A message tells nothing that whoever holds no valid token should know. */
import { AppError } from '../../base/error.ts'

/** The error code of RFC 6750 §3.1, which such an error bears as its subject. */
export const invalidTokenCode = 'invalid_token'

export const noCredentials = (): AppError =>
  new AppError('unauthenticated', 'This server answers only those who show a token.')

/** One sentence for an unknown, a malformed and a revoked token: which it is, is nobody's business. */
export const invalidToken = (cause?: unknown): AppError =>
  badToken('The token is not valid.', cause)

/** Said to the holder of a token that was valid: others never get so far. */
export const expiredToken = (): AppError => badToken('The token has expired.')

const badToken = (message: string, cause?: unknown): AppError =>
  new AppError('unauthenticated', message, { subject: invalidTokenCode, cause })
