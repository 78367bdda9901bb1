/** URIs of resources: `vitrine://<name>/<segment>/…`, the name of a source or of a resource of the config. */

export interface ParsedUri {
  readonly name: string
  /** As they are called, with nothing encoded; none of them is empty. */
  readonly segments: readonly string[]
}

const longestUri = 2000

/** RFC 3986 without query and fragment: nothing here has any. */
const uriPattern = /^vitrine:\/\/([a-z][a-z0-9_]{0,30})\/([^?#\\\s]+)$/

/** Undefined where it is none of ours. What is encoded is decoded once. */
export function parseUri(uri: string): ParsedUri | undefined {
  if (uri.length > longestUri) return undefined
  const [, name, path] = uriPattern.exec(uri) ?? []
  if (name === undefined || path === undefined) return undefined
  const segments = path.split('/').map(decode)
  return segments.every(isSegment) ? { name, segments } : undefined
}

export const toUri = (name: string, segments: readonly string[]): string =>
  `vitrine://${name}/${segments.map((one) => encodeURIComponent(one)).join('/')}`

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** A separator that was hidden in an escape would make two of one; half a character is none. */
const isSegment = (segment: string | undefined): segment is string =>
  segment !== undefined && segment !== '' && !/[/\\\0\p{Cs}]/u.test(segment)
