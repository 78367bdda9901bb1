import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import { pickSource } from '../tools/served-source.ts'
import type { Answer, Tool } from '../tools/tool.ts'
import { createTools } from '../tools/tools.ts'
import { toConfig } from './target.ts'

export interface Question {
  readonly tool: 'query_database' | 'get_schema'
  readonly input: object
  /** Of the config; its only one where it has one. */
  readonly source: string | undefined
}

/** Calls one tool the way the server does, with Ctrl-C as the cancel. */
export async function ask(target: string, question: Question): Promise<Answer> {
  const stopped = new AbortController()
  process.once('SIGINT', () => stopped.abort())
  const app = await openApp(await toConfig(target))
  try {
    await reach(app, question, stopped.signal)
    const { tool, input, source } = question
    const given = source === undefined ? input : { ...input, source }
    const { answer } = await app.callTool({
      tool: toolNamed(createTools(app), tool),
      arguments: given,
      context: { signal: stopped.signal, actor: app.localActor },
      origin: { transport: 'terminal' },
    })
    return answer
  } finally {
    await app.close()
  }
}

/** A person is told what a model is not: which path cannot be read, which name is missing. */
async function reach({ sources }: App, { source }: Question, signal: AbortSignal): Promise<void> {
  const served = await pickSource(sources, source).open()
  served.guard.show(await served.source.catalog(signal))
}

function toolNamed(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new Error(`There is no tool ${name}.`)
  return tool
}
