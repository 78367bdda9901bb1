import { counted } from '../base/counted.ts'
import {
  type Block,
  code,
  type Frame,
  heading,
  type Inline,
  type Line,
  listed,
  type Page,
  paragraph,
  when,
} from './block.ts'
import type { NamedDescription, ServerDescription } from './description.ts'
import { effects, factTable, pageOf, toToolPage } from './tool-page.ts'

export interface Site {
  readonly frame: Frame
  readonly pages: readonly Page[]
}

/** Every page, the first one being where a reader begins. */
export function toSite(server: ServerDescription): Site {
  const general = [
    toOverview(server),
    toSourcesPage(server),
    toAccessPage(server),
    ...when(server.resources.length + server.prompts.length > 0, toOffersPage(server)),
  ]
  return {
    frame: {
      site: server.name,
      footer: `Written by Vitrine ${server.version} on ${server.day}, out of its configuration.`,
      pages: general.map(({ id, title }, index) => ({ id, text: index === 0 ? 'Tools' : title })),
      tools: server.tools.map(({ name }) => ({ id: pageOf(name), text: name })),
    },
    pages: [...general, ...server.tools.map((tool) => toToolPage(tool, server))],
  }
}

const linkTo = (tool: string): Inline => ({ page: pageOf(tool), text: tool })

/** What a tool does in a line of a table. */
const firstSentence = (text: string): string =>
  /^.*?[.!?](?=\s|$)/s.exec(text.trim())?.[0] ?? text.trim()

const toOverview = ({ name, tools, tokens }: ServerDescription): Page => ({
  id: 'index',
  title: name,
  blocks: [
    paragraph(
      `${counted(tools.length, 'tool')}, whose definitions cost about ${tokens} tokens in every conversation. `,
      tools.some(({ effect }) => effect === 'writes')
        ? 'Those that change data say so, and each call of them is confirmed by a person.'
        : 'None of them changes any data.',
    ),
    {
      kind: 'table',
      caption: 'Tools',
      isSearchable: true,
      head: ['tool', 'purpose', 'source', 'effect', 'tokens'],
      rows: tools.map((tool) => [
        [linkTo(tool.name)],
        [firstSentence(tool.purpose)],
        [tool.sources.join(', ') || '–'],
        tool.effect === 'writes' ? [{ strong: effects.writes }] : [effects[tool.effect]],
        [String(tool.tokens)],
      ]),
    },
  ],
})

const toSourcesPage = ({ sources, tools }: ServerDescription): Page => ({
  id: 'sources',
  title: 'Sources',
  blocks: sources.flatMap(({ name, engine, description, limits }): Block[] => {
    const asking = tools.filter((tool) => tool.sources.includes(name))
    return [
      heading(2, name),
      paragraph(engine),
      ...(description === undefined ? [] : [paragraph(description)]),
      ...when(
        asking.length > 0,
        paragraph('Asked by ', ...listed(asking.map(({ name: tool }) => linkTo(tool))), '.'),
      ),
      factTable(`Limits of ${name}`, limits),
    ]
  }),
})

function toAccessPage({
  callers,
  groups,
  limits,
  tools,
  url,
  needsToken,
}: ServerDescription): Page {
  const toLine = (names: readonly string[]): Line =>
    names.length === tools.length
      ? ['all']
      : names.length === 0
        ? ['none']
        : listed(names.map(linkTo))
  return {
    id: 'access',
    title: 'Who may call',
    blocks: [
      paragraph(
        'Over HTTP the server is at ',
        { code: url },
        needsToken ? '. A call needs a token: Authorization: Bearer …' : '. A call needs no token.',
      ),
      {
        kind: 'table',
        caption: 'Who may call which tools',
        head: ['who', 'how', 'tools'],
        rows: callers.map((caller) => [
          [{ strong: caller.name }],
          [caller.how],
          toLine(caller.tools),
        ]),
      },
      ...when<Block>(
        groups.length > 0,
        heading(2, 'Groups'),
        paragraph('A group is a part of the tools, at an address of its own.'),
        {
          kind: 'table',
          caption: 'Groups',
          head: ['group', 'address', 'tools'],
          rows: groups.map((group) => [[group.name], [{ code: group.url }], toLine(group.tools)]),
        },
      ),
      heading(2, 'How much one caller may use'),
      limits.length === 0
        ? paragraph('There is no limit.')
        : factTable('Limits of one caller', limits),
      heading(2, 'How a client is told of the server'),
      code(
        'json',
        JSON.stringify({ mcpServers: { vitrine: { type: 'http', url } } }, undefined, 2),
      ),
    ],
  }
}

const toOffersPage = ({ resources, prompts }: ServerDescription): Page => ({
  id: 'resources',
  title: 'Resources and prompts',
  blocks: [
    ...when(
      resources.length > 0,
      heading(2, 'Resources'),
      paragraph('What can be read by a URI.'),
      namedTable('Resources', 'resource', resources),
    ),
    ...when(
      prompts.length > 0,
      heading(2, 'Prompts'),
      paragraph('What people find as commands in their client.'),
      namedTable('Prompts', 'prompt', prompts),
    ),
  ],
})

const namedTable = (caption: string, what: string, all: readonly NamedDescription[]): Block => ({
  kind: 'table',
  caption,
  head: [what, 'description', 'arguments'],
  rows: all.map(({ name, description, arguments: asked }) => [
    [{ code: name }],
    [description ?? '–'],
    asked.length === 0 ? ['–'] : listed(asked.map((one) => ({ code: one }))),
  ]),
})
