import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import { parseServerUrl } from '../sources/mysql/server-url.ts'
import { decoded, filePath, looksLikeSqlite, toAbsolute, toFileUrl } from './file-url.ts'
import { looksLikeDuckdb, schemeOfPath } from './path-scheme.ts'
import { toPostgresUrl } from './postgres-url.ts'
import { exampleUrl, wrongUrl } from './wrong-url.ts'

/** What each scheme stands for; a relative path is taken from `folder`. */
const schemes: Readonly<Record<string, (rest: string, folder: string) => string>> = {
  sqlite: (rest, folder) => toFileUrl('sqlite', filePath(rest), folder),
  postgres: toPostgresUrl,
  postgresql: toPostgresUrl,
  duckdb: (rest, folder) => toFileUrl('duckdb', filePath(rest), folder),
  mysql: (rest) => checkedServerUrl(`mysql:${rest}`),
  mariadb: (rest) => checkedServerUrl(`mariadb:${rest}`),
}

export const workingSchemes = `Schemes that work: ${Object.keys(schemes)
  .map((scheme) => `${scheme}:`)
  .join(', ')}; and https: for an API, in a config.`

/**
 * The normal form of a database URL, such as `sqlite:<absolute path>`; a relative path is taken from
 * `folder`.
 *
 * @throws AppError whose message names the scheme at most, which is then its `subject`: what was
 *   meant to be a URL may hold a password.
 */
export function normalizeUrl(text: string, folder: string): string {
  const trimmed = text.trim()
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(trimmed) ?? []
  if (scheme === undefined) return fromBarePath(trimmed, folder)
  const rest = trimmed.slice(scheme.length + 1)
  if (scheme.toLowerCase() === 'file') return toFileUrl('sqlite', decoded(filePath(rest)), folder)
  const known = Object.hasOwn(schemes, scheme.toLowerCase())
    ? schemes[scheme.toLowerCase()]
    : undefined
  if (/^https?$/i.test(scheme)) throw apiAlone(scheme)
  if (known === undefined) throw unknownScheme(scheme)
  return known(rest, folder)
}

/** As it was written, once it is known to be readable. */
function checkedServerUrl(url: string): string {
  parseServerUrl(url)
  return url
}

function fromBarePath(text: string, folder: string): string {
  if (looksLikeSqlite(text) || looksLikeDuckdb(text)) {
    return toFileUrl(schemeOfPath(toAbsolute(text, folder)), text, folder)
  }
  throw wrongUrl('it is neither a URL nor the path of a database or of data files')
}

function apiAlone(scheme: string): AppError {
  return new AppError('config_invalid', 'this is an API, and not a database.', {
    hint: 'An API is a source of a config, whose tools say what is asked of it: docs/apis.md.',
    subject: scheme,
  })
}

function unknownScheme(scheme: string): AppError {
  const message = `there is no driver for ${scheme}: databases. ${workingSchemes}`
  const hint = didYouMean(scheme, Object.keys(schemes)) ?? exampleUrl
  return new AppError('config_invalid', message, { hint, subject: scheme })
}
