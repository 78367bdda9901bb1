import { parseUrl } from '../sources/postgres/parse-url.ts'
import { toAbsolute } from './file-url.ts'

/** `postgres:…`, checked, with the paths of certificates made absolute from `folder`. */
export function toPostgresUrl(rest: string, folder: string): string {
  const url = `postgres:${rest}`
  parseUrl(url)
  return url.replaceAll(
    /(?<=[?&])(sslrootcert|sslcert|sslkey)=([^&]+)/g,
    (whole, word: string, path: string) =>
      path === 'system'
        ? whole
        : `${word}=${encodeURIComponent(toAbsolute(decodeURIComponent(path), folder))}`,
  )
}
