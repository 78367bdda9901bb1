/** The front door for library users. */
export { AppError, errorCatalogue, type ErrorAnswer, type ErrorCode } from './base/error.ts'
export { version } from './base/version.ts'
