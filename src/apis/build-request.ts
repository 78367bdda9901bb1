import { AppError } from '../base/error.ts'
import { writeJson } from '../base/write-json.ts'
import type { ApiRequest } from './request.ts'
import type { Endpoint, Place } from './endpoint.ts'

/** By the name of the parameter; null and undefined for what was left out. */
export type Values = Readonly<Record<string, unknown>>

/**
 * The request of a call. A value stays in its place whatever it holds: it neither ends a segment of
 * the path nor a pair of the query nor a header; the body is JSON, and what stands in it a part of that.
 *
 * @throws AppError `invalid_input`
 */
export function buildRequest(endpoint: Endpoint, values: Values): ApiRequest {
  const given = Object.entries(endpoint.places).flatMap(([name, place]) => {
    const value = values[name]
    const isLeftOut = value === undefined || (value === null && place.in !== 'body')
    return isLeftOut ? [] : [{ name, place, value }]
  })
  const givenIn = (where: Place['in']): Given[] => given.filter(({ place }) => place.in === where)
  const pairs = [endpoint.query, ...givenIn('query').flatMap(toPairs)]
  const path = fillPath(endpoint.path, givenIn('path'))
  const query = pairs.filter((pair) => pair !== '').join('&')
  if (path.length + query.length > longestUrl)
    throw wrong('The request', `would have a URL of more than ${longestUrl} characters`)
  const headers = givenIn('header').map((one) => [one.place.name, toHeader(one)] as const)
  const body = toBody(endpoint, givenIn('body'))
  return { method: endpoint.method, path, query, headers: Object.fromEntries(headers), body }
}

/** Few servers take a longer one. */
const longestUrl = 8000
const longestHeader = 2000
const mostBodyBytes = 100_000

interface Given {
  readonly name: string
  readonly place: Place
  readonly value: unknown
}

function fillPath(template: string, given: readonly Given[]): string {
  const filled = template
    .split('/')
    .map((segment) => fillSegment(segment, given))
    .join('/')
  // What a URL would make another path of is none of ours.
  if (new URL(filled, 'http://x').pathname !== filled) throw wrong('The path', 'is no path')
  return filled
}

/**
 * Servers behind servers decode more than once, and some cut a segment at its semicolon: what could
 * become a dot, a slash or another segment anywhere on the way is refused here.
 */
function fillSegment(template: string, given: readonly Given[]): string {
  const segment = template.replaceAll(/\{([^{}]*)\}/g, (_whole, placeholder: string) => {
    const found = given.find(({ place }) => place.name === placeholder)
    if (found === undefined) throw wrong(placeholder, 'is missing')
    const texts = [found.value].flat().map(toText)
    if (texts.join('') === '') throw wrong(found.name, 'is empty, and stands in a path')
    if (texts.some((text) => /[/\\\p{Cc}]|%[0-9a-f]{2}/iu.test(text)))
      throw wrong(found.name, 'stands in a path: it may not hold a slash, a backslash or an escape')
    return texts.map((text) => encode(text, found.name)).join(',')
  })
  const plain = decodeURIComponent(segment).replace(/;.*$/s, '').trim()
  if (/^\.{1,2}$/.test(plain))
    throw wrong('A value', 'stands in a path, and would be a step out of it')
  return segment
}

function toPairs({ name, place, value }: Given): string[] {
  const key = encode(place.name, name)
  if (place.style === 'json') return [`${key}=${encode(writeJson(value), name)}`]
  if (Array.isArray(value)) {
    const items = value.map((item) => encode(toText(item), name))
    if (place.explode) return items.map((item) => `${key}=${item}`)
    return [`${key}=${items.join(separators[place.style])}`]
  }
  if (place.style === 'deepObject' && typeof value === 'object')
    return Object.entries(value as object)
      .filter(([, inner]) => inner !== null)
      .map(
        ([inner, of]) =>
          `${key}${encode(`[${inner}]`, name)}=${encode(toText(of as unknown), name)}`,
      )
  return [`${key}=${encode(toText(value), name)}`]
}

const separators: Readonly<Record<Place['style'], string>> = {
  form: ',',
  simple: ',',
  json: ',',
  whole: ',',
  deepObject: ',',
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
}

/** RFC 9110 §5.5, without what only old senders use: printable ASCII alone. */
function toHeader({ name, value }: Given): string {
  const text = [value].flat().map(toText).join(',')
  const fits = text.length <= longestHeader && text === text.trim()
  if (fits && /^[\x20-\x7e]*$/.test(text)) return text
  throw wrong(
    name,
    `goes into a header: it may hold printable ASCII only, up to ${longestHeader} characters`,
  )
}

/** Undefined where there is none. Written in lines: a person is shown it as it is sent. */
function toBody({ places }: Endpoint, given: readonly Given[]): string | undefined {
  const declared = Object.values(places).filter((place) => place.in === 'body')
  const isWhole = declared.some(({ style }) => style === 'whole')
  if (declared.length === 0 || (isWhole && given.length === 0)) return undefined
  const members = given.map(({ place, value }) => [place.name, value] as const)
  const body = writeJson(isWhole ? given[0]?.value : Object.fromEntries(members), 'lines')
  if (Buffer.byteLength(body) > mostBodyBytes)
    throw wrong('The body', `would have more than ${mostBodyBytes} bytes`)
  return body
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : writeJson(value))

function encode(text: string, name: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    throw wrong(name, 'is no text: half of a character stands alone')
  }
}

const wrong = (name: string, what: string): AppError =>
  new AppError('invalid_input', `${name} ${what}.`)
