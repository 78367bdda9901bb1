/** How a page is reached from another one: `../index.html#groups`. */
export function relativeLink(from: string, to: string, ending: string): string {
  const [page = '', anchor] = to.split('#')
  const up = '../'.repeat(from.split('/').length - 1)
  return `${up}${page}${ending}${anchor === undefined ? '' : `#${anchor}`}`
}

/** A name as a part of a path that every file system and every URL takes as it is. */
export const toFileName = (name: string): string => {
  const plain = name.replaceAll(
    /[^a-z0-9_-]/g,
    (character) => `.${(character.codePointAt(0) ?? 0).toString(16)}.`,
  )
  return reserved.test(plain) ? `${plain}-` : plain
}

/** On Windows these are devices, whatever ending they have. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** The anchor that a heading has, as GitHub makes it; never with a capital, which those of the frame have. */
export const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-') || 'part'
