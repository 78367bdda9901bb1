/** What pages are made of, before they are HTML or Markdown: no part of it holds a markup of its own. */

/** A part of a line. A link leads to a page by its id, with a heading of it behind `#`. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly page: string; readonly text: string }

export type Line = readonly Inline[]

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly line: Line }
  /** What a reader must not miss. */
  | { readonly kind: 'note'; readonly line: Line }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | Table
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'folded'; readonly summary: string; readonly blocks: readonly Block[] }

export interface Table {
  readonly kind: 'table'
  /** What it shows, for whoever does not see it. */
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Line[])[]
  /** A person may look for words in it. */
  readonly isSearchable?: boolean
}

export interface Page {
  /** Its place in the site without an ending: `index`, `tools/get_schema`. */
  readonly id: string
  readonly title: string
  readonly blocks: readonly Block[]
}

/** What stands beside every page. */
export interface Frame {
  /** The name of the server. */
  readonly site: string
  readonly footer: string
  readonly pages: readonly NavigationEntry[]
  readonly tools: readonly NavigationEntry[]
}

export interface NavigationEntry {
  readonly id: string
  readonly text: string
}

export const heading = (level: 2 | 3, text: string): Block => ({ kind: 'heading', level, text })

export const paragraph = (...line: Inline[]): Block => ({ kind: 'paragraph', line })

export const code = (language: string, text: string): Block => ({ kind: 'code', language, text })

/** Parts with commas between them. */
export const listed = (parts: readonly Inline[]): Line =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part]))

/** The parts where it is so, and none where it is not. */
export const when = <Part>(isSo: boolean, ...parts: readonly Part[]): readonly Part[] =>
  isSo ? parts : []
