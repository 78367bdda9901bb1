/** The way to a value: keys, and positions in lists. */
export type Path = readonly (string | number)[]

/** Offsets into the text of a file, the end not included. */
export type Span = readonly [start: number, end: number]

/** Something wrong in a file, and where. */
export interface Flaw {
  readonly path: Path
  readonly span: Span
  readonly message: string
}

/** A path as a person writes it: `sources.shop.tables[1]`. */
export const toDots = (path: Path): string =>
  path.reduce<string>((dots, step) => {
    if (typeof step === 'number') return `${dots}[${step}]`
    if (!/^[\w<>-]+$/.test(step)) return `${dots}[${JSON.stringify(step)}]`
    return dots === '' ? step : `${dots}.${step}`
  }, '')
