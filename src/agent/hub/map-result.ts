/** What a server answered, as content that the Messages API takes. What it answered well stays well. */
import { isObject } from '../../base/is-object.ts'
import { type ResultPart, text } from '../messages.ts'
import type { KeptResults } from './kept-results.ts'

export interface ToolResult {
  readonly content: readonly ResultPart[]
  readonly isError: boolean
}

/**
 * What the API reads (https://docs.claude.com/en/docs/build-with-claude/vision), by how its base64 begins: it refuses the
 * whole request for an image that is another than it is called.
 */
const imageTypes = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
] as const
/** Of base64: 5 MB for an image, and what a request of 32 MB can bear of all. */
const longestImage = 5 * 1024 * 1024
const mostOfImages = 15 * 1024 * 1024
const mostImages = 20

type Json = Readonly<Record<string, unknown>>

/** @param answer the result of `tools/call`, of whatever shape */
export function mapResult(answer: unknown, kept: KeptResults): ToolResult {
  const { content, structuredContent, isError } = isObject(answer) ? answer : ({} as Json)
  const parts = Array.isArray(content) ? content.map(mapPart) : shapeless(answer, structuredContent)
  const structured = isTold(structuredContent, parts)
    ? []
    : [text(JSON.stringify(structuredContent))]
  return {
    content: fit([...parts, ...structured], kept),
    isError: isError === true,
  }
}

const shapeless = (answer: unknown, structured: unknown): ResultPart[] =>
  structured === undefined ? [text(JSON.stringify(answer) ?? 'null')] : []

/** Servers are asked to give the same as text, too, and some wrap a plain text as `{content}`: once is enough. */
function isTold(structured: unknown, parts: readonly ResultPart[]): boolean {
  if (structured === undefined) return true
  const told = new Set(parts.flatMap((part) => (part.type === 'text' ? [compact(part.text)] : [])))
  const values = isObject(structured) ? Object.values(structured) : [structured]
  const wrapped =
    values.length > 0 &&
    values.every((value) => typeof value === 'string' && told.has(compact(value)))
  return wrapped || told.has(JSON.stringify(structured))
}

function compact(json: string): string {
  if (!/^\s*[[{]/.test(json)) return json
  try {
    return JSON.stringify(JSON.parse(json))
  } catch {
    return json
  }
}

function mapPart(part: unknown): ResultPart {
  if (!isObject(part)) return text(JSON.stringify(part) ?? 'null')
  switch (part['type']) {
    case 'text':
      return text(typeof part['text'] === 'string' ? part['text'] : JSON.stringify(part))
    case 'image':
      return toImage(part['data'], part['mimeType'])
    case 'audio':
      return text(`[audio, ${describe(part['data'], part['mimeType'])}]`)
    case 'resource_link':
      return text(
        `[resource link: ${named(part, ['name', 'title', 'uri', 'mimeType', 'description'])}]`,
      )
    case 'resource':
      return toResource(part['resource'])
    default:
      return text(JSON.stringify(part))
  }
}

function toImage(data: unknown, mimeType: unknown): ResultPart {
  const fits = typeof data === 'string' && data.length <= longestImage
  const type = fits && imageTypes.find(([start]) => data.startsWith(start))?.[1]
  if (!fits || !type || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return text(`[image, ${describe(data, mimeType)}]`)
  }
  return { type: 'image', source: { type: 'base64', media_type: type, data } }
}

function toResource(resource: unknown): ResultPart {
  if (!isObject(resource)) return text('[an empty resource]')
  const name = `[resource: ${named(resource, ['uri', 'mimeType'])}]`
  if (typeof resource['text'] === 'string') return text(`${name}\n${resource['text']}`)
  const image = toImage(resource['blob'], resource['mimeType'])
  return image.type === 'image' ? image : text(`${name} ${describe(resource['blob'], undefined)}`)
}

const named = (part: Json, keys: readonly string[]): string =>
  keys
    .filter((key) => typeof part[key] === 'string')
    .map((key) => `${key} ${JSON.stringify(part[key])}`)
    .join(', ')

const describe = (data: unknown, mimeType: unknown): string => {
  const type = typeof mimeType === 'string' ? `${mimeType}, ` : ''
  const bytes = typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0
  return `${type}about ${bytes} bytes, not shown`
}

/** Within what a request can bear. Texts share one allowance, and where they need more they are cut as one, before the images. */
function fit(all: readonly ResultPart[], kept: KeptResults): ResultPart[] {
  const parts = joinNeighbours(fewImages(all))
  const texts = parts.filter((part) => part.type === 'text').map((part) => part.text)
  const long = texts.length > 1 && texts.join('\n').length > kept.shown
  const images = parts.filter(({ type }) => type === 'image')
  const fitting = long ? [text(texts.join('\n')), ...images] : parts
  return nonEmpty(fitting.map((part) => (part.type === 'text' ? clean(part.text, kept) : part)))
}

/** Texts that follow one another are one. */
function joinNeighbours(parts: readonly ResultPart[]): readonly ResultPart[] {
  const joined: ResultPart[] = []
  let texts: string[] = []
  const end = (): void => {
    if (texts.length > 0) joined.push(text(texts.join('\n')))
    texts = []
  }
  for (const part of parts) {
    if (part.type === 'text') texts.push(part.text)
    else {
      end()
      joined.push(part)
    }
  }
  end()
  return joined
}

/** The first ones, and of the others that they are there. */
function fewImages(parts: readonly ResultPart[]): readonly ResultPart[] {
  let [count, size] = [0, 0]
  return parts.map((part) => {
    if (part.type !== 'image') return part
    const { media_type, data } = part.source
    count += 1
    size += data.length
    const fits = count <= mostImages && size <= mostOfImages
    return fits ? part : text(`[image, ${describe(data, media_type)}]`)
  })
}

/** Characters that are none, which the API would refuse the whole request for, are replaced. */
const clean = (value: string, kept: KeptResults): ResultPart =>
  text(kept.cut(value.replaceAll(/\p{Cs}/gu, '\uFFFD')))

/** The API refuses empty texts. */
const nonEmpty = (parts: readonly ResultPart[]): ResultPart[] => {
  const filled = parts.filter((part) => part.type !== 'text' || part.text.trim() !== '')
  return filled.length > 0 ? filled : [text('(the tool answered without content)')]
}
