/**
 * Changes to one property of a JSON text that people write too. What is not changed stays to the
 * letter: comments, order, layout, commas at the end.
 */
import type { Node } from 'jsonc-parser'

/** The text with a new property at the end of the object, laid out as its neighbours are. */
export function insertProperty(text: string, object: Node, property: [string, unknown]): string {
  const last = object.children?.at(-1)
  return last === undefined
    ? insertFirst(text, object, property)
    : insertAfter(text, last, property)
}

/** The text with another value in the place of this one. */
export function replaceValue(text: string, node: Node, value: unknown): string {
  const written = text.slice(node.offset, endOf(node))
  const isOneLine = !written.includes('\n')
  const layout = isOneLine ? undefined : { ...layoutOf(text), indent: indentAt(text, node.offset) }
  return splice(text, [node.offset, endOf(node)], toText(value, layout))
}

/** The text without the property. */
export function removeProperty(text: string, object: Node, property: Node): string {
  const properties = object.children ?? []
  const previous = properties[properties.indexOf(property) - 1]
  const comma = commaAfter(text, endOf(property))
  let cut: Span = [blankBefore(text, property.offset), comma?.[1] ?? endOf(property)]
  if (properties.length === 1) cut = withBlank(text, cut, object)
  const without = splice(text, cut, '')
  const stray =
    comma === undefined && previous !== undefined ? commaAfter(text, endOf(previous)) : undefined
  return stray === undefined ? without : splice(without, stray, '')
}

type Span = readonly [start: number, end: number]

interface Layout {
  /** Of the line that the value begins in. */
  readonly indent: string
  /** One step. */
  readonly unit: string
  readonly eol: string
}

function insertFirst(text: string, object: Node, [key, value]: [string, unknown]): string {
  const outer = { ...layoutOf(text), indent: indentAt(text, object.offset) }
  const inner = { ...outer, indent: outer.indent + outer.unit }
  const written = `${inner.eol}${inner.indent}${JSON.stringify(key)}: ${toText(value, inner)}`
  const inside: Span = [object.offset + 1, endOf(object) - 1]
  // A comment in there stays, behind the property.
  if (text.slice(...inside).trim() !== '') return splice(text, [inside[0], inside[0]], written)
  return splice(text, inside, `${written}${outer.eol}${outer.indent}`)
}

function insertAfter(text: string, last: Node, [key, value]: [string, unknown]): string {
  const indent = indentAt(text, last.offset)
  const ownsLine = text.slice(0, last.offset).endsWith(`\n${indent}`)
  const end = endOf(last)
  const comma = commaAfter(text, end)
  const name = JSON.stringify(key)
  if (!ownsLine) {
    const written = ` ${name}: ${toText(value, undefined)}`
    return comma === undefined
      ? splice(text, [end, end], `,${written}`)
      : splice(text, [comma[1], comma[1]], `${written},`)
  }
  const layout = { ...layoutOf(text), indent }
  const written = `${layout.eol}${indent}${name}: ${toText(value, layout)}`
  const lineEnd = endOfLine(text, comma?.[1] ?? end)
  return comma === undefined
    ? splice(splice(text, [lineEnd, lineEnd], written), [end, end], ',')
    : splice(text, [lineEnd, lineEnd], `${written},`)
}

/** On one line where there is no layout, as a person would write it. */
function toText(value: unknown, layout: Layout | undefined): string {
  if (layout === undefined) return oneLine(value)
  return JSON.stringify(value, undefined, layout.unit).replaceAll(
    '\n',
    `${layout.eol}${layout.indent}`,
  )
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

/** As the file is: tabs or so many spaces, and its ends of line. */
const layoutOf = (text: string): Omit<Layout, 'indent'> => ({
  unit: /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ',
  eol: text.includes('\r\n') ? '\r\n' : '\n',
})

/** What the line of this place begins with. */
const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? ''

const endOf = ({ offset, length }: Node): number => offset + length

/** The comma that comes next, comments and blanks aside. */
function commaAfter(text: string, offset: number): Span | undefined {
  const found = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*,/y
  found.lastIndex = offset
  return found.test(text) ? [found.lastIndex - 1, found.lastIndex] : undefined
}

/** Behind the comments that stand in the rest of the line. */
function endOfLine(text: string, offset: number): number {
  const found = /(?:[ \t]*(?:\/\/[^\r\n]*|\/\*[^]*?\*\/))*/y
  found.lastIndex = offset
  found.test(text)
  return found.lastIndex
}

const blankBefore = (text: string, offset: number): number => text.slice(0, offset).trimEnd().length

/** An object whose only property goes is `{}` again, unless a comment is in it. */
function withBlank(text: string, [start, end]: Span, object: Node): Span {
  const isBare = start === object.offset + 1 && text.slice(end, endOf(object) - 1).trim() === ''
  return isBare ? [start, endOf(object) - 1] : [start, end]
}

const splice = (text: string, [start, end]: Span, put: string): string =>
  text.slice(0, start) + put + text.slice(end)
