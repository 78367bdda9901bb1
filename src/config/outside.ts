import { type AppError, toAppError } from '../base/error.ts'
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
  const follow = async (key: string, find: (text: string) => string | Promise<string>) => {
    const path = [...source, key]
    const entry = document.entryAt(path)
    try {
      return entry.text && (await find(entry.text))
    } catch (error) {
      flaws.push({ path, span: entry.value, message: explain(toAppError(error), entry) })
      return undefined
    }
  }
  const url = await follow('url', (text) =>
    isApiUrl(text) ? normalizeApiUrl(text) : normalizeUrl(text, folder),
  )
  const context = await follow('context', (text) =>
    readText(toAbsolute(text, folder), mostContextBytes),
  )
  const openapi = await follow('openapi', (text) =>
    readText(toAbsolute(text, folder), mostOpenApiBytes),
  )
  const name = String(document.entryAt([...source, 'openapi']).written)
  return {
    url,
    context: context?.trim() || undefined,
    openapi: openapi === undefined ? undefined : { name, text: openapi },
    flaws,
  }
}

/** A scheme is named only where it stands in the file: out of a variable it may be part of a secret. */
function explain({ message, hint, subject }: AppError, { filled }: Entry): string {
  const [variable] = filled?.variables ?? []
  if (subject === undefined || variable === undefined) return `${message} ${hint}`.trim()
  return `there is no driver for the database that \${${variable}} names. ${workingSchemes}`
}
