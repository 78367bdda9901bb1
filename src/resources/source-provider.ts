import { prefixed } from '../base/prefixed.ts'
import { answerSchema } from '../tools/schema/answer-schema.ts'
import type { DeclaredSource } from '../tools/served-source.ts'
import { shownCatalog } from '../tools/schema/shown-catalog.ts'
import type { CallContext } from '../tools/tool.ts'
import { pageOf } from './page.ts'
import type {
  Content,
  ListedResource,
  ListedTemplate,
  Page,
  Provider,
  Reading,
  Typed,
} from './provider.ts'
import { unknownResource } from './unknown-resource.ts'
import { parseUri, toUri } from './uri.ts'

/** What is told of a source: its schema, as get_schema gives it, and the business notes of the config. */
export class SourceProvider implements Provider {
  readonly templates: readonly ListedTemplate[]
  readonly #source: DeclaredSource

  constructor(source: DeclaredSource) {
    this.#source = source
    const { name } = source
    this.templates = [
      {
        uriTemplate: `vitrine://${name}/schema/{table}`,
        name: `${name} table`,
        title: `One table of ${name}`,
        description: 'Columns, keys, references, and the values that columns of few values hold.',
        mimeType: 'application/json',
      },
    ]
  }

  async list(page: Page): Promise<readonly ListedResource[]> {
    const { name, context, description } = this.#source
    const schema: ListedResource = {
      uri: toUri(name, ['schema']),
      name: `${name} schema`,
      title: `Tables of ${name}`,
      description: ['Every table with its columns, types and keys.', description]
        .filter(Boolean)
        .join(' '),
      mimeType: 'application/json',
    }
    const notes: ListedResource = {
      uri: toUri(name, ['notes']),
      name: `${name} notes`,
      title: `Notes on ${name}`,
      description: 'What the data means, by the people who keep it.',
      mimeType: 'text/markdown',
    }
    return pageOf(context === undefined ? [schema] : [schema, notes], page)
  }

  owns(uri: string): boolean {
    const { name, segments: [kind, , ...more] = [] } = parseUri(uri) ?? {}
    return (
      name === this.#source.name && more.length === 0 && (kind === 'schema' || kind === 'notes')
    )
  }

  async read(uri: string, context: CallContext): Promise<Reading> {
    const { segments: [kind, table] = [] } = parseUri(uri) ?? {}
    if (kind === 'schema') return { content: await this.#schema(table, context) }
    const { context: notes } = this.#source
    if (notes === undefined || table !== undefined) throw unknownResource(uri)
    return { content: { mimeType: 'text/markdown', text: notes } }
  }

  async complete({ value }: Typed, { signal }: CallContext): Promise<readonly string[]> {
    const { tables } = await shownCatalog(await this.#source.open(), signal)
    return prefixed(
      tables.map(({ name }) => name),
      value,
    )
  }

  async #schema(table: string | undefined, context: CallContext): Promise<Content> {
    const answer = await answerSchema(this.#source, { table, search: undefined }, context)
    return { mimeType: 'application/json', text: JSON.stringify(answer) }
  }
}
