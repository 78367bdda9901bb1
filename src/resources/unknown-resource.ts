import { AppError } from '../base/error.ts'
import { shorten } from '../base/shorten.ts'

/** The same for what never was, what is gone, and what is not for whoever asks. */
export const unknownResource = (uri: string): AppError =>
  new AppError('unknown_resource', `There is no resource ${shorten(uri, 200)}.`, { subject: uri })
