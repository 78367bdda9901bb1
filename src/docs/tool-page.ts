import {
  type Block,
  code,
  heading,
  type Inline,
  type Line,
  listed,
  type Page,
  paragraph,
  when,
} from './block.ts'
import { toCommand, toCurl, toRequest } from './calls.ts'
import type { Effect, Fact, ServerDescription, ToolDescription } from './description.ts'
import { toExampleBlocks } from './example-blocks.ts'
import { toParameterRows } from './parameters.ts'
import { toFileName } from './relative-link.ts'
import { toSampleArguments } from './sample-arguments.ts'

export const pageOf = (tool: string): string => `tools/${toFileName(tool)}`

export const toToolPage = (tool: ToolDescription, server: ServerDescription): Page => ({
  id: pageOf(tool.name),
  title: tool.title,
  blocks: [
    paragraph(
      { code: tool.name },
      ` · ${effects[tool.effect]} · about ${tool.tokens} tokens in every conversation`,
    ),
    ...aboutEffect(tool),
    paragraph(tool.purpose),
    ...aboutParameters(tool),
    ...aboutAnswer(tool),
    ...aboutExamples(tool),
    ...aboutCalls(tool, server),
    ...aboutLimits(tool),
    ...aboutCallers(tool, server),
    ...aboutHints(tool),
  ],
})

export const effects: Readonly<Record<Effect, string>> = {
  reads: 'only reads',
  writes: 'changes data',
  keeps: 'changes no data',
}

const aboutEffect = ({ effect }: ToolDescription): readonly Block[] =>
  when(effect === 'writes', {
    kind: 'note',
    line: [
      { strong: 'This tool changes data.' },
      ' A person is shown exactly what will run, and nothing is done before they confirm that call.',
    ],
  })

function aboutParameters({ inputSchema, claims }: ToolDescription): Block[] {
  const rows = toParameterRows(inputSchema)
  return [
    heading(2, 'Parameters'),
    rows.length === 0
      ? paragraph('It takes none.')
      : {
          kind: 'table',
          caption: 'Parameters',
          head: ['name', 'type', 'needed', 'description'],
          rows: rows.map((row) => [
            [{ code: row.name }],
            [[row.type, ...row.constraints].join('; ')],
            row.isRequired
              ? ['yes']
              : row.byDefault === undefined
                ? ['no']
                : ['no; ', { code: row.byDefault }, ' by default'],
            [row.description === '' ? '–' : row.description],
          ]),
        },
    ...when(
      claims.length > 0,
      paragraph(
        'Besides, it needs to know of whoever calls: ',
        ...listed([...new Set(claims)].map((claim) => ({ code: claim }))),
        '. The sign-in says it; nobody can give it as an argument.',
      ),
    ),
  ]
}

function aboutAnswer({ columns }: ToolDescription): Block[] {
  const described = Object.entries(columns)
  if (described.length === 0) return []
  return [
    heading(2, 'What it answers'),
    {
      kind: 'table',
      caption: 'Columns of the answer',
      head: ['column', 'meaning'],
      rows: described.map(([name, meaning]) => [[{ code: name }], [meaning]]),
    },
  ]
}

const aboutExamples = ({ examples }: ToolDescription): readonly Block[] =>
  when(examples.length > 0, heading(2, 'Examples'), ...toExampleBlocks(examples))

function aboutCalls(tool: ToolDescription, server: ServerDescription): Block[] {
  const given = tool.examples[0]?.arguments ?? toSampleArguments(tool.inputSchema)
  return [
    heading(2, 'How it is called'),
    paragraph('By an MCP client:'),
    code('json', toRequest(tool.name, given, 2)),
    paragraph('Over HTTP:'),
    code('sh', toCurl(tool.name, given, server)),
    paragraph('From a terminal:'),
    code('sh', toCommand(tool.name, given, server.target)),
  ]
}

export const factTable = (caption: string, facts: readonly Fact[]): Block => ({
  kind: 'table',
  caption,
  head: ['limit', 'value'],
  rows: facts.map(({ name, value }) => [[name], [value]]),
})

function aboutLimits({ limits, sources }: ToolDescription): Block[] {
  if (limits.length === 0 && sources.length === 0) return []
  const links = sources.map((source) => ({ page: `sources#${source}`, text: source }))
  return [
    heading(2, 'Limits'),
    ...when(links.length > 0, paragraph('It asks ', ...listed(links), ', whose limits hold.')),
    ...when(limits.length > 0, factTable('Limits', limits)),
  ]
}

function aboutCallers(
  { callers, groups }: ToolDescription,
  { callers: all }: ServerDescription,
): Block[] {
  const items = all
    .filter(({ name }) => callers.includes(name))
    .map(({ name, how }): Line => [{ strong: name }, `: ${how}`])
  return [
    heading(2, 'Who may call it'),
    items.length === 0 ? paragraph('Nobody.') : { kind: 'list', items },
    ...when(
      groups.length > 0,
      paragraph(
        'In the groups ',
        ...listed(groups.map((one): Inline => ({ page: 'access#groups', text: one }))),
        '.',
      ),
    ),
  ]
}

function aboutHints({ annotations }: ToolDescription): Block[] {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations
  const told = [
    readOnlyHint ? 'It only reads.' : 'It changes something.',
    ...when(
      !readOnlyHint,
      destructiveHint ? 'What it changes may be lost.' : 'It adds, and overwrites nothing.',
    ),
    idempotentHint ? 'Calling it twice is the same as once.' : 'Calling it twice does it twice.',
    openWorldHint
      ? 'It reaches out to another system.'
      : 'It stays within the sources of this server.',
  ]
  const items = told.map((sentence) => [sentence])
  return [heading(2, 'What clients are told'), { kind: 'list', items }]
}
