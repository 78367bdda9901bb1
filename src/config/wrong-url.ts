import { AppError } from '../base/error.ts'

export const exampleUrl =
  'Write the database as a URL, such as sqlite:./shop.db, duckdb:./exports/ or postgres://reader@host/shop.'

/** Never with the text itself: it may hold a password. */
export const wrongUrl = (reason: string, hint: string = exampleUrl): AppError =>
  new AppError('config_invalid', `this is not a database URL that works: ${reason}.`, { hint })
