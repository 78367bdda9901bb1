/** How far a question has come, as far as anybody can tell. */
export interface Progress {
  /** Read so far. */
  readonly rows?: number | undefined
  /** What is done, of 1; where the engine says. */
  readonly share?: number | undefined
  /** Of a job that waits: 1 is next. */
  readonly position?: number | undefined
}

export type OnProgress = (progress: Progress) => void

/** For a person: "120 rows read, 43 %"; empty where nothing is known. */
export const progressText = ({ rows, share, position }: Progress): string =>
  [
    position === undefined ? '' : `number ${position} in line`,
    rows === undefined ? '' : `${rows} rows read`,
    share === undefined ? '' : `${Math.floor(share * 100)} %`,
  ]
    .filter(Boolean)
    .join(', ')
