import type { Question } from '../curated/question.ts'

/** A statement that changes rows, written down for others to call by a name. */
export interface ChangeQuestion extends Question {
  readonly change: ChangeBounds
}

/** What keeps it within bounds. */
export interface ChangeBounds {
  /** Rows that one call may change. */
  readonly most: number
  /** It may do without WHERE. */
  readonly wholeTable: boolean
}
