import { AppError } from '../../base/error.ts'

export const refused = (message: string, hint: string, subject?: string): AppError =>
  new AppError('statement_refused', message, { hint, subject })

export const noChange = (first: string): AppError =>
  refused(
    'A tool with effect: write runs one INSERT, UPDATE or DELETE.',
    'Leave effect out where it only reads; tables are made and altered elsewhere.',
    first,
  )

export const severalStatements = (): AppError =>
  refused('The text holds several statements; one is run.', 'Write a tool for each.')

export const needsWhere = (verb: string): AppError =>
  refused(
    `${verb} without WHERE changes every row of the table.`,
    'Write WHERE, or whole_table: true where every row is meant.',
    verb,
  )

export const returnsAll = (): AppError =>
  refused('RETURNING * gives every column there is.', 'Name the columns.', 'RETURNING')
