import { win32 } from 'node:path'
import { parseServerUrl } from '../sources/mysql/server-url.ts'
import { parseUrl } from '../sources/postgres/parse-url.ts'

/** What a source is called that only has a URL in normal form: after its file, or its database. */
export function sourceNameOf(url: string): string {
  const words = ownName(url)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
  return (
    words
      .replace(/^[^a-z]+/, '')
      .slice(0, 31)
      .replace(/_+$/, '') || 'database'
  )
}

/** Never a part of a URL that may hold a password. */
function ownName(url: string): string {
  if (url.startsWith('postgres:')) {
    const { dbname, service } = parseUrl(url)
    return dbname ?? service ?? ''
  }
  if (url.startsWith('mysql:')) return parseServerUrl(url).database ?? ''
  const path = url.slice(url.indexOf(':') + 1)
  // A pattern such as /data/exports/*.csv is called after its folder.
  const plain = path.replace(/[\\/][^\\/]*[*?[{].*$/, '')
  return win32.basename(plain).replace(/\.[^.]*$/, '')
}
