/** A data file that cannot be shown; the message says why, in half a sentence, and names no path. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
