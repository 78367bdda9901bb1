/** A response as a model reads it. */
import { unreadable } from './failure.ts'
import type { Response } from './exchange.ts'
import { parseJson } from './json.ts'
import type { Select } from './select.ts'
import { trim, type Trimmed, type TrimLimits } from './trim.ts'

export interface AnswerOptions {
  readonly select: Select | undefined
  readonly limits: TrimLimits
  /** Takes credentials out of a text. */
  readonly hide: (text: string) => string
}

export type ApiAnswer = Readonly<Record<string, unknown>>

/** @throws AppError `query_failed` where it is no JSON though it says so, or `select` does not fit it */
export function toAnswer(response: Response, options: AnswerOptions): ApiAnswer {
  const { status, headers, body } = response
  const type = mediaType(headers['content-type'])
  if (body.length === 0) return { status, data: null, truncated: false }
  if (isJson(type) || options.select !== undefined) return fromJson(response, options)
  if (type.name === unknownType && dataOf(response) !== undefined)
    return fromJson(response, options)
  if (isText(type)) return fromText(response, options)
  const hint = 'This is no text: it is not shown.'
  return { status, content_type: type.name, bytes: body.length, truncated: false, hint }
}

interface MediaType {
  readonly name: string
  readonly charset: string
}

const unknownType = 'application/octet-stream'

/** RFC 9110 §8.3. */
function mediaType(written = ''): MediaType {
  const [name = ''] = written.split(';')
  const [, charset = 'utf-8'] = /;\s*charset="?([\w.:-]+)/i.exec(written) ?? []
  return { name: name.trim().toLowerCase() || unknownType, charset }
}

const isJson = ({ name }: MediaType): boolean => /^[\w.-]+\/(?:[\w.-]+\+)?json$/.test(name)

/** Lines of JSON are text too: each would need a selection of its own. */
const isText = ({ name }: MediaType): boolean =>
  name.startsWith('text/') ||
  /^application\/(?:(?:[\w.-]+\+)?xml|(?:x-)?ndjson|jsonl|(?:x-)?yaml|csv|javascript)$/.test(name)

/** What a body says, whatever its type; undefined where it is no JSON. */
export function dataOf({ body }: Response): unknown {
  try {
    return parseJson(body.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/** Where something is selected, nothing else is shown: not the page for people that came instead. */
function fromJson(response: Response, { select, limits, hide }: AnswerOptions): ApiAnswer {
  const data = dataOf(response)
  if (data === undefined) throw unreadable('it should be JSON, and is not')
  const trimmed = trim(select === undefined ? data : select(data), limits, hide)
  return {
    data: trimmed.value,
    // As the rows of a database are counted, for the record and for limits of a day.
    ...(Array.isArray(trimmed.value) && { row_count: trimmed.value.length }),
    truncated: toTruncated(trimmed),
  }
}

function fromText({ headers, body }: Response, { limits, hide }: AnswerOptions): ApiAnswer {
  const type = mediaType(headers['content-type'])
  const text = hide(decode(body, type))
  const whole = trim(text, { ...limits, textBytes: limits.answerBytes })
  const isCut = whole.cuts.length > 0
  return {
    content_type: type.name,
    text: isCut ? (whole.value as { text: string }).text : text,
    bytes: Buffer.byteLength(text),
    truncated: isCut ? { by: ['bytes'], hint: textHint } : false,
  }
}

function decode(body: Buffer, { charset }: MediaType): string {
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

function toTruncated({ cuts, list }: Trimmed): ApiAnswer['truncated'] {
  if (cuts.length === 0) return false
  const hints = [
    list && `Of ${list.path} the first ${list.shown} of ${list.of} items are here.`,
    cuts.includes('text') && 'Long texts were cut to {"text", "bytes": full length}.',
    cuts.includes('depth') && 'What is nested very deep is null.',
    'Ask for less at once: a narrower filter, a smaller page.',
  ]
  return { by: cuts, hint: hints.filter(Boolean).join(' ') }
}

const textHint =
  'Only the beginning is here. Ask for less at once: a narrower filter, a smaller page.'
