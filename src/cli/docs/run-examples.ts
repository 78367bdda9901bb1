/** Calls that are worth showing, made as a model would make them. */
import type { App } from '../../app/app.ts'
import { toAppError, toErrorAnswer } from '../../base/error.ts'
import type { Config, ToolExample } from '../../config/config.ts'
import type { ExampleDescription, Outcome } from '../../docs/description.ts'
import { quoteTable } from '../../tools/quote-name.ts'
import { shownCatalog } from '../../tools/schema/shown-catalog.ts'
import type { Tool } from '../../tools/tool.ts'
import { createTools } from '../../tools/tools.ts'

export interface ExampleRun {
  readonly signal: AbortSignal
  /** False: every example is shown as it is asked. */
  readonly isRun: boolean
  /** Told before each call. */
  readonly onBegin: (tool: string, done: number, all: number) => void
}

export type Examples = ReadonlyMap<string, readonly ExampleDescription[]>

/** By name of the tool. */
export async function runExamples(config: Config, app: App, run: ExampleRun): Promise<Examples> {
  const asked = [...ofConfig(config), ...(run.isRun ? await ofSources(app, run.signal) : [])]
  const tools = createTools(app)
  const found = new Map<string, ExampleDescription[]>()
  for (const [index, { tool: name, example }] of asked.entries()) {
    const tool = tools.find((one) => one.name === name)
    if (tool === undefined) continue
    run.onBegin(name, index, asked.length)
    const outcome = await outcomeOf(tool, example, { app, run })
    const { title, arguments: given } = example
    found.set(name, [...(found.get(name) ?? []), { title, arguments: given, outcome }])
  }
  return found
}

interface Asked {
  readonly tool: string
  readonly example: ToolExample
}

const ofConfig = ({ tools, apis }: Config): Asked[] =>
  [...tools, ...apis.flatMap((api) => api.tools)].flatMap(({ name, examples = [] }) =>
    examples.map((example) => ({ tool: name, example })),
  )

/** Every server has two tools that are the same everywhere: what they answer here is worth an example. */
async function ofSources({ sources }: App, signal: AbortSignal): Promise<Asked[]> {
  const several = sources.size > 1
  const asked: Asked[] = []
  for (const [name, declared] of [...sources].slice(0, mostSources)) {
    const source = several ? { source: name } : {}
    const title = (text: string): string => (several ? `${text} ${name}` : text)
    asked.push({ tool: 'get_schema', example: { title: title('All tables'), arguments: source } })
    try {
      const served = await declared.open()
      const { tables } = await shownCatalog(served, signal)
      const [table] = tables.filter(({ kind }) => kind !== 'shadow')
      if (table === undefined) continue
      const query = `SELECT count(*) AS n FROM ${quoteTable(table, served.source.capabilities)}`
      asked.push({
        tool: 'query_database',
        example: { title: title('How many rows'), arguments: { query, ...source } },
      })
    } catch {
      // The example before this one tells why it cannot be asked.
    }
  }
  return asked
}

const mostSources = 3

interface Running {
  readonly app: App
  readonly run: ExampleRun
}

async function outcomeOf(
  tool: Tool,
  { arguments: given }: ToolExample,
  { app, run }: Running,
): Promise<Outcome> {
  if (!run.isRun) return { kind: 'none', why: 'It was not called for this page.' }
  if (tool.effect !== undefined)
    return { kind: 'none', why: 'It was not called for this page, for it changes data.' }
  const context = { signal: run.signal, actor: app.localActor }
  // Of what a terminal asks no job is made: it ends with its call.
  const origin = { transport: 'terminal' } as const
  try {
    const { answer } = await app.callTool({ tool, arguments: given, context, origin })
    return { kind: 'answer', answer }
  } catch (error) {
    if (run.signal.aborted) throw error
    return { kind: 'error', answer: toErrorAnswer(toAppError(error)) }
  }
}

/** What a reader should not see as the answer to an example. */
export const failureOf = ({ outcome }: ExampleDescription): string | undefined =>
  outcome.kind === 'error' ? outcome.answer.error.message : undefined
