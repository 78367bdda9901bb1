import { extname } from 'node:path'

/** RFC 7763 for Markdown, RFC 4180 for CSV, RFC 9512 for YAML; the rest as IANA lists them. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.markdown': 'text/markdown',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.sql': 'application/sql',
  '.svg': 'image/svg+xml',
  '.tsv': 'text/tab-separated-values',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
}

/** Undefined where the end of the name tells nothing. */
export const mediaTypeOf = (path: string): string | undefined =>
  mediaTypes[extname(path).toLowerCase()]

/** True where it is read as text; bytes that are none come as bytes all the same. */
export const isText = (mediaType: string): boolean =>
  /^text\/|[/+](?:json|jsonl|xml|yaml|sql)$/.test(mediaType)
