import type { PromptMessage, Server, ServerContext } from '@modelcontextprotocol/server'
import type { FilledMessage } from '../prompts/prompts.ts'
import type { Asking } from './asking.ts'

/** What runs questions about prompts is loaded with the first one. */
const load = () => import('../prompts/prompts.ts')

/** None, for an actor who has none. */
export const promptsOf = async ({ toolset }: Asking) =>
  (await toolset().prompts?.()) ?? { prompts: [], sources: new Map() }

/** The methods that a client finds and fetches prompts with (MCP: prompts). */
export function answerPrompts(server: Server, asking: Asking): void {
  server.setRequestHandler('prompts/list', async () => {
    const { toListedPrompt } = await load()
    const { prompts } = await promptsOf(asking)
    return { prompts: prompts.map(toListedPrompt) }
  })
  server.setRequestHandler('prompts/get', async ({ params }, context) => {
    const { getting } = await load()
    const { name, arguments: given = {} } = params
    const tool = getting(await promptsOf(asking), { name, arguments: given })
    const { messages, ...about } = await asking.ask(tool, params, context)
    const filled: PromptMessage[] = []
    for (const message of messages as readonly FilledMessage[])
      filled.push(await toMessage(message, asking, context))
    return { ...about, messages: filled }
  })
}

/** A resource in a prompt is read as any is, by whoever asked for the prompt. */
async function toMessage(
  message: FilledMessage,
  { toolset, ask }: Asking,
  context: ServerContext,
): Promise<PromptMessage> {
  const { role } = message
  if ('text' in message) return { role, content: { type: 'text', text: message.text } }
  const { reading } = await import('../resources/questions.ts')
  const uri = message.resource
  const { contents } = await ask(await reading(toolset().resources, uri), { uri }, context)
  const [resource] = contents as { uri: string; mimeType: string; text: string }[]
  if (resource === undefined) throw new Error('A resource was read and holds nothing.')
  return { role, content: { type: 'resource', resource } }
}
