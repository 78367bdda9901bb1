import { createApp } from '../app.ts'
import type { Answer, Tool } from '../tools/tool.ts'
import { createTools } from '../tools/tools.ts'
import { toConfig } from './target.ts'

export interface Question {
  readonly tool: 'query_database' | 'get_schema'
  readonly input: object
}

/** Calls one tool the way the server does, with Ctrl-C as the cancel. */
export async function ask(target: string, { tool, input }: Question): Promise<Answer> {
  const stopped = new AbortController()
  process.once('SIGINT', () => stopped.abort())
  const app = createApp(await toConfig(target))
  try {
    // A person is told what a model is not: which path cannot be read.
    for (const error of (await app.unreachable(stopped.signal)).values()) throw error
    return await toolNamed(createTools(app.sources), tool).run(input, {
      signal: stopped.signal,
      actor: app.localActor,
    })
  } finally {
    await app.close()
  }
}

function toolNamed(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new Error(`There is no tool ${name}.`)
  return tool
}
