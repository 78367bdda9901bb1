/** How the door says no. A message tells nothing that whoever holds no valid token should know. */
import { AppError } from '../../base/error.ts'

/** The error code of RFC 6750 §3.1, which such an error bears as its subject. */
export const invalidTokenCode = 'invalid_token'

/** The same for a token that is good and opens nothing. */
export const insufficientScopeCode = 'insufficient_scope'

/** True where a better token would do: the answer then says which. */
export const asksForToken = ({ code, subject }: AppError): boolean =>
  code === 'unauthenticated' || subject === insufficientScopeCode

export const noScope = (): AppError =>
  new AppError('not_allowed', 'The token has none of the scopes that open something here.', {
    hint: 'Sign in again and grant what the server asks for, or have the scope or role given.',
    subject: insufficientScopeCode,
  })

export const noCredentials = (): AppError =>
  new AppError('unauthenticated', 'This server answers only those who show a token.')

/** One sentence for an unknown, a malformed and a revoked token: which it is, is nobody's business. */
export const invalidToken = (cause?: unknown): AppError =>
  badToken('The token is not valid.', cause)

/** Said to the holder of a token that was valid: others never get so far. */
export const expiredToken = (): AppError => badToken('The token has expired.')

const badToken = (message: string, cause?: unknown): AppError =>
  new AppError('unauthenticated', message, { subject: invalidTokenCode, cause })
