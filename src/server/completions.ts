import type { Server } from '@modelcontextprotocol/server'
import type { Tool } from '../tools/tool.ts'
import type { Asking } from './asking.ts'
import { promptsOf } from './prompts.ts'

/** Values of one answer (MCP: completion). */
const mostValues = 100

/** What arguments of prompts and templates may be, while somebody types one (MCP: completion). */
export function answerCompletions(server: Server, asking: Asking): void {
  server.setRequestHandler('completion/complete', async ({ params }, context) => {
    const answer = await asking.ask(await toCall(params, asking), params, context)
    const values = answer['values'] as readonly string[]
    const total = values.length
    return {
      completion: { values: values.slice(0, mostValues), total, hasMore: total > mostValues },
    }
  })
}

interface Completing {
  readonly ref:
    | { readonly type: 'ref/prompt'; readonly name: string }
    | { readonly type: 'ref/resource'; readonly uri: string }
  readonly argument: { readonly name: string; readonly value: string }
  readonly context?:
    | { readonly arguments?: Readonly<Record<string, string>> | undefined }
    | undefined
}

async function toCall({ ref, argument, context }: Completing, asking: Asking): Promise<Tool> {
  const { name, value } = argument
  if (ref.type === 'ref/resource') {
    const { completing } = await import('../resources/questions.ts')
    return completing(asking.toolset().resources, { uriTemplate: ref.uri, argument: name, value })
  }
  const { completingPrompt } = await import('../prompts/prompts.ts')
  return completingPrompt(await promptsOf(asking), {
    name: ref.name,
    arguments: context?.arguments ?? {},
    argument: name,
    value,
  })
}
