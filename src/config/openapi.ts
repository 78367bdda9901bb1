/** Tools out of an OpenAPI document. */
import {
  importOperation,
  type ImportedOperation,
  OperationFlaw,
} from '../apis/openapi/operation.ts'
import type { SentAnyway } from '../apis/openapi/parameters.ts'
import { locate, type OpenApiDocument, OpenApiFlaw, readOpenApi } from '../apis/openapi/document.ts'
import type { Flaw, Path } from './flaw.ts'
import { type Mistake, toMistakes } from './mistake.ts'
import type { ConfigDocument } from './document.ts'

/** A document that a source names. */
export interface OpenApiFile {
  /** As the config names it. */
  readonly name: string
  readonly text: string
}

/** Large ones of public APIs have 12 MB. */
export const mostOpenApiBytes = 16 * 1024 * 1024

/** Of one document: operations as they are asked for, and what is wrong with them. */
export class OpenApiImport {
  readonly flaws: Flaw[] = []
  readonly mistakes: Mistake[] = []
  readonly #file: OpenApiFile
  readonly #config: ConfigDocument
  readonly #anyway: SentAnyway
  readonly #document: OpenApiDocument | undefined

  constructor(file: OpenApiFile, config: ConfigDocument, anyway: SentAnyway) {
    this.#file = file
    this.#config = config
    this.#anyway = anyway
    this.#document = this.#orTell([], () => readOpenApi(file.text))
  }

  /**
   * @param at where the config names it; undefined where there is a mistake, which is told
   * @param flawOf what is wrong with its method there
   */
  operation(
    id: string,
    at: Path,
    flawOf: (method: string) => string | undefined,
  ): ImportedOperation | undefined {
    const document = this.#document
    const wanted = { id, anyway: this.#anyway, flawOf }
    return document && this.#orTell(at, () => importOperation(document, wanted))
  }

  #orTell<T>(at: Path, make: () => T): T | undefined {
    try {
      return make()
    } catch (error) {
      if (error instanceof OperationFlaw) {
        const { value } = this.#config.entryAt(at)
        this.flaws.push({ path: at, span: value, message: error.message })
      } else if (error instanceof OpenApiFlaw) this.#tell(error)
      else throw error
      return undefined
    }
  }

  #tell({ path, message }: OpenApiFlaw): void {
    const { name, text } = this.#file
    // Several operations may need the same part.
    if (this.mistakes.some((one) => one.message === message && isSame(one.path, path))) return
    const { lines, span } = locate(text, path)
    this.mistakes.push(...toMistakes([{ path, span, message }], { file: name, text, lines }))
  }
}

const isSame = (one: Path, other: Path): boolean => one.join('\n') === other.join('\n')

const longestName = 63

/** `billing_list_invoices`: the source goes before, so that no two of them meet. */
export const toolNameOf = (source: string, operation: string): string =>
  `${source}_${operation
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase()}`.slice(0, longestName)
