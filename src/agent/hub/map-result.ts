/** What a server answered, as content that the Messages API takes. What it answered well stays well. */
import { type ResultPart, text } from '../messages.ts'
import type { KeptResults } from './kept-results.ts'

export interface ToolResult {
  readonly content: readonly ResultPart[]
  readonly isError: boolean
}

/** What the API reads: https://docs.claude.com/en/docs/build-with-claude/vision. */
const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
/** Of base64: 5 MB for an image, and what a request can bear. */
const longestImage = 5 * 1024 * 1024
const mostImages = 20
const mostParts = 200

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
  const media_type = String(mimeType)
  const fits = typeof data === 'string' && data !== '' && data.length <= longestImage
  if (!fits || !imageTypes.includes(media_type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return text(`[image, ${describe(data, mimeType)}]`)
  }
  return { type: 'image', source: { type: 'base64', media_type, data } }
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

/** Within what a request can bear: texts share one allowance, images are counted. */
function fit(parts: readonly ResultPart[], kept: KeptResults): ResultPart[] {
  const images = parts.filter(({ type }) => type === 'image').slice(0, mostImages)
  const texts = parts.filter((part) => part.type === 'text')
  const few = parts.length <= mostParts && texts.length <= 1
  if (few)
    return nonEmpty(parts.map((part) => (part.type === 'text' ? clean(part.text, kept) : part)))
  const all = texts.map((part) => part.text).join('\n')
  return nonEmpty([...(texts.length > 0 ? [clean(all, kept)] : []), ...images])
}

/** Characters that are none, which the API would refuse the whole request for, are replaced. */
const clean = (value: string, kept: KeptResults): ResultPart =>
  text(kept.cut(value.replaceAll(/\p{Cs}/gu, '\uFFFD')))

/** The API refuses empty texts. */
const nonEmpty = (parts: readonly ResultPart[]): ResultPart[] => {
  const filled = parts.filter((part) => part.type !== 'text' || part.text.trim() !== '')
  return filled.length > 0 ? filled : [text('(the tool answered without content)')]
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
