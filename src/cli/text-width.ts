import { lazily } from '../base/lazily.ts'

/** Beginning of `text`, with `…` for what is left out. */
export function cut(text: string, width: number): string {
  if (measure(text, width + 1) <= width) return text
  let kept = ''
  let room = width - 1
  for (const { segment } of graphemes().segment(text)) {
    room -= widthOf(segment)
    if (room < 0) break
    kept += segment
  }
  return `${kept}…`
}

/** Terminal columns that `text` takes; counts no further than `most`, as a cell may be long. */
export function measure(text: string, most: number): number {
  if (ascii.test(text)) return Math.min(text.length, most)
  let width = 0
  for (const { segment } of graphemes().segment(text)) {
    width += widthOf(segment)
    if (width >= most) return most
  }
  return width
}

const ascii = /^[ -~]*$/
// What only other than ASCII text needs; making it would be a quarter of a start.
const graphemes = lazily(() => new Intl.Segmenter())

/** As the table's own measure has it (string-width 4): so that what we cut is not cut again. */
function widthOf(grapheme: string): number {
  if (emoji().test(grapheme)) return 2
  let width = 0
  for (const character of grapheme) {
    if (!combining.test(character)) width += wide().test(character) ? 2 : 1
  }
  return width
}

// The flag `v` is in Node 20, but not in the ES2023 that the compiler is told to write.
const emoji = lazily(() => new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v'))
const combining = /[\u0300-\u036f]/
/** East Asian Wide and Fullwidth (https://www.unicode.org/reports/tr11/), and emoji. */
const wide = lazily(
  () =>
    /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3040-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b001}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\p{Emoji_Modifier_Base}]/u,
)
