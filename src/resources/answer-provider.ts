import { prefixed } from '../base/prefixed.ts'
import type { CallContext, Tool } from '../tools/tool.ts'
import type { AnswersOptions } from './options.ts'
import { pageOf } from './page.ts'
import type { ListedResource, ListedTemplate, Page, Provider, Reading, Typed } from './provider.ts'
import { unknownResource } from './unknown-resource.ts'
import { parseUri, toUri } from './uri.ts'

/** What stands in the URI where a tool needs no arguments. */
const noArguments = 'answer'

/**
 * The answers of a tool, each by the arguments that the tool cannot do without: a statement of the config, a
 * request to an API, code of one's own. A read runs it as a call does.
 */
export class AnswerProvider implements Provider {
  readonly templates: readonly ListedTemplate[]
  readonly #options: AnswersOptions
  readonly #tool: Tool
  /** In the order of the URI. */
  readonly #names: readonly string[]

  constructor(options: AnswersOptions, tool: Tool) {
    this.#options = options
    this.#tool = tool
    this.#names = neededBy(tool)
    const path = this.#names.map((name) => `{${name}}`).join('/')
    const uriTemplate = `vitrine://${options.name}/${path}`
    this.templates = this.#names.length === 0 ? [] : [{ uriTemplate, ...this.#about() }]
  }

  async list(page: Page): Promise<readonly ListedResource[]> {
    if (this.#names.length > 0) return []
    return pageOf([{ uri: toUri(this.#options.name, [noArguments]), ...this.#about() }], page)
  }

  owns(uri: string): boolean {
    return parseUri(uri)?.name === this.#options.name
  }

  async read(uri: string, context: CallContext): Promise<Reading> {
    const given = this.#argumentsOf(uri)
    if (given === undefined) throw unknownResource(uri)
    const answer = await this.#tool.run(given, context)
    const { row_count: rows } = answer
    const content = { mimeType: 'application/json', text: JSON.stringify(answer) }
    return { content, ...(typeof rows === 'number' && { rows }) }
  }

  /** The words that its schema lists. */
  async complete({ argument, value }: Typed): Promise<readonly string[]> {
    const properties = (this.#tool.inputSchema['properties'] ?? {}) as Properties
    const words = properties[argument]?.enum ?? []
    return prefixed(words.map(String), value)
  }

  #about(): Omit<ListedResource, 'uri'> {
    const { name, title, description } = this.#options
    return {
      name,
      title: title ?? this.#tool.title,
      description: description ?? this.#tool.description,
      mimeType: 'application/json',
    }
  }

  #argumentsOf(uri: string): Readonly<Record<string, string>> | undefined {
    const { segments = [] } = parseUri(uri) ?? {}
    const names = this.#names
    if (names.length === 0) return segments.join('/') === noArguments ? {} : undefined
    if (segments.length !== names.length) return undefined
    return Object.fromEntries(names.map((name, index) => [name, segments[index] ?? '']))
  }
}

type Properties = Readonly<Record<string, { readonly enum?: readonly unknown[] }>>

/** The arguments that a tool cannot do without. */
const neededBy = ({ inputSchema }: Tool): readonly string[] =>
  (inputSchema['required'] ?? []) as readonly string[]
