import { AppError, toAppError } from '../base/error.ts'
import { dialectOf } from '../sources/open.ts'
import { isApiUrl, normalizeApiUrl } from './api-source.ts'
import type { ConfigDocument, Entry } from './document.ts'
import type { Flaw, Path } from './flaw.ts'
import { mostOpenApiBytes, type OpenApiFile } from './openapi.ts'
import { readText } from './read-text.ts'
import { toAbsolute } from './file-url.ts'
import { normalizeUrl, workingSchemes } from './url.ts'

const mostContextBytes = 16 * 1024

/** What a source points at outside of the configuration. */
export interface Outside {
  /** In normal form. */
  readonly url: string | undefined
  /** What it is written to by, in normal form. */
  readonly writableUrl: string | undefined
  /** What its context file holds. */
  readonly context: string | undefined
  /** The document that its `openapi` names. */
  readonly openapi: OpenApiFile | undefined
  readonly flaws: readonly Flaw[]
}

/** Follows the URL and the file name of a source, whether or not the rest of it is right. */
export async function lookOutside(
  source: Path,
  document: ConfigDocument,
  folder: string,
): Promise<Outside> {
  const flaws: Flaw[] = []
  const follow = async (
    key: readonly string[],
    find: (text: string) => string | Promise<string>,
  ) => {
    const path = [...source, ...key]
    const entry = document.entryAt(path)
    try {
      return entry.text && (await find(entry.text))
    } catch (error) {
      flaws.push({ path, span: entry.value, message: explain(toAppError(error), entry) })
      return undefined
    }
  }
  const url = await follow(['url'], (text) =>
    isApiUrl(text) ? normalizeApiUrl(text) : normalizeUrl(text, folder),
  )
  const writableUrl = await follow(['writable', 'url'], (text) =>
    refuseSame(normalizeUrl(text, folder), url),
  )
  const context = await follow(['context'], (text) =>
    readText(toAbsolute(text, folder), mostContextBytes),
  )
  const openapi = await follow(['openapi'], (text) =>
    readText(toAbsolute(text, folder), mostOpenApiBytes),
  )
  const name = String(document.entryAt([...source, 'openapi']).written)
  return {
    url,
    writableUrl,
    context: context?.trim() || undefined,
    openapi: openapi === undefined ? undefined : { name, text: openapi },
    flaws,
  }
}

/** Where a server tells roles apart, the one that reads is not to be one that writes. */
function refuseSame(writable: string, url: string | undefined): string {
  const dialect = dialectOf(writable)
  if (dialect === 'duckdb') throw wrong('DuckDB files and folders of data are not written to.')
  if (url !== undefined && !isApiUrl(url) && dialect !== dialectOf(url))
    throw wrong('expected a database of the same kind as the source.')
  if (writable !== url || dialect === 'sqlite') return writable
  throw wrong('expected another role than the one that reads: write a URL of its own.')
}

const wrong = (message: string): AppError => new AppError('config_invalid', message, { hint: '' })

/** A scheme is named only where it stands in the file: out of a variable it may be part of a secret. */
function explain({ message, hint, subject }: AppError, { filled }: Entry): string {
  const [variable] = filled?.variables ?? []
  if (subject === undefined || variable === undefined) return `${message} ${hint}`.trim()
  return `there is no driver for the database that \${${variable}} names. ${workingSchemes}`
}
