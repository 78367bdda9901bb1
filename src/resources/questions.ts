/** What clients ask about resources, each as a call: it passes the gates that calls of tools pass. */
import { asCall } from '../tools/as-call.ts'
import type { Tool } from '../tools/tool.ts'
import { readCursor, toCursor, wrongCursor } from './page.ts'
import type {
  DeclaredResources,
  ListedResource,
  ListedTemplate,
  Provider,
  Typed,
} from './provider.ts'
import { unknownResource } from './unknown-resource.ts'

/** Those that are open to whoever asks. */
export type OpenResources = readonly DeclaredResources[]

/** Of one page. */
const mostListed = 100

/** Answers `{ resources, nextCursor }`. */
export const listing = (open: OpenResources, cursor: string | undefined): Tool =>
  asCall({ name: 'read_resource', method: 'resources/list' }, async (context) => {
    const start = cursor === undefined ? undefined : readCursor(cursor)
    const first = start === undefined ? 0 : open.findIndex(({ name }) => name === start.provider)
    if (first === -1) throw wrongCursor()
    const resources: ListedResource[] = []
    for (const [index, declared] of open.slice(first).entries()) {
      const provider = await declared.open()
      const after = index === 0 ? start?.after : undefined
      const most = mostListed - resources.length
      // One more, to know whether there are more.
      const page = await provider.list({ after, most: most + 1 }, context)
      resources.push(...page.slice(0, most))
      if (page.length > most) return { resources, nextCursor: cursorAt(declared, resources) }
    }
    return { resources }
  })

const cursorAt = (
  { name: provider }: DeclaredResources,
  listed: readonly ListedResource[],
): string => toCursor({ provider, after: listed.at(-1)?.uri ?? '' })

/** All there are: as many as the config has names. Nothing is looked up for it. */
export async function listTemplates(open: OpenResources): Promise<readonly ListedTemplate[]> {
  const providers = await Promise.all(open.map((declared) => declared.open()))
  return providers.flatMap(({ templates }) => templates)
}

/** Answers `{ contents }`, and `row_count` where they are rows. */
export async function reading(open: OpenResources, uri: string): Promise<Tool> {
  const owner = await ownerOf(open, uri)
  const subject = { source: owner?.declared.source, statement: uri }
  const asked = { name: nameOf(owner), method: 'resources/read', subject }
  return asCall(asked, async (context) => {
    if (owner === undefined) throw unknownResource(uri)
    const { content, rows } = await owner.provider.read(uri, context)
    return { contents: [{ uri, ...content }], ...(rows !== undefined && { row_count: rows }) }
  })
}

/** Answers `{ values }`. */
export async function completing(open: OpenResources, typed: Typed): Promise<Tool> {
  const owner = await ownerOfTemplate(open, typed)
  const subject = { source: owner?.declared.source }
  const asked = { name: nameOf(owner), method: 'completion/complete', subject }
  return asCall(asked, async (context) => {
    if (owner === undefined) throw unknownResource(typed.uriTemplate)
    return { values: await owner.provider.complete(typed, context) }
  })
}

/** True for a URI that a client can be told of when its resource changes. */
export async function maySubscribe(open: OpenResources, uri: string): Promise<boolean> {
  const owner = await ownerOf(open, uri)
  return owner?.declared.mayChange === true
}

interface Owner {
  readonly declared: DeclaredResources
  readonly provider: Provider
}

const nameOf = (owner: Owner | undefined): string => owner?.declared.countsFor ?? 'read_resource'

const ownerOf = (open: OpenResources, uri: string): Promise<Owner | undefined> =>
  find(open, (provider) => provider.owns(uri))

const ownerOfTemplate = (open: OpenResources, typed: Typed): Promise<Owner | undefined> =>
  find(open, ({ templates }) =>
    templates.some(
      ({ uriTemplate }) =>
        uriTemplate === typed.uriTemplate && variablesOf(uriTemplate).includes(typed.argument),
    ),
  )

export const variablesOf = (uriTemplate: string): string[] =>
  [...uriTemplate.matchAll(/\{\+?(\w+)\}/g)].map(([, name = '']) => name)

async function find(
  open: OpenResources,
  isOwner: (provider: Provider) => boolean,
): Promise<Owner | undefined> {
  for (const declared of open) {
    const provider = await declared.open()
    if (isOwner(provider)) return { declared, provider }
  }
  return undefined
}
