/** The text of a scrape, and its media type. */
export interface Scrape {
  readonly text: string
  readonly type: string
}
