/** Puts around a server of the product what the suite wants to see and the product does not have. */
import type { PromptMessage, Server, ServerContext } from '@modelcontextprotocol/server'
import { answerWithContents, png } from './fixture-contents.ts'
import { answerWithQuestions, askForContext, nameIn } from './fixture-questions.ts'
import { answerAtOnce, refuseWithoutTasks } from './fixture-tasks.ts'

export function addFixtures(server: Server): Server {
  // The library keeps handlers for itself; there is no other way to one that is set.
  const { _requestHandlers: handlers } = server as unknown as { _requestHandlers: Handlers }
  const own = new Map(handlers)
  addTools(server, own)
  addPrompts(server, own)
  return server
}

type Handler = (request: unknown, context: ServerContext) => Promise<object>
type Handlers = Map<string, Handler>

function ownHandler(own: Handlers, method: string): Handler {
  const handler = own.get(method)
  if (handler === undefined) throw new Error(`The server does not answer ${method}.`)
  return handler
}

/** The product's own handler answers all that it can. */
function addTools(server: Server, own: Handlers): void {
  const call = ownHandler(own, 'tools/call')
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name, arguments: given } = request.params
    refuseWithoutTasks(name, context)
    const answer =
      answerWithContents(name) ??
      answerAtOnce(name, given) ??
      (await answerWithQuestions(name, context))
    return answer ?? ((await call(withName(request, context), context)) as never)
  })
}

/** What was asked for goes along with the call. */
function withName<Request extends { params: { name: string; arguments?: object | undefined } }>(
  request: Request,
  context: ServerContext,
): Request {
  const { params } = request
  if (params.name !== 'test_tool_with_task') return request
  const given = { ...params.arguments, user_name: nameIn(context) }
  return { ...request, params: { ...params, arguments: given } }
}

type Arguments = Readonly<Record<string, string>>

const say = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content })

/** Prompts that the product cannot be told to have: an image, a URI out of an argument, a question back. */
const prompts: Readonly<Record<string, (given: Arguments) => PromptMessage>> = {
  test_prompt_with_embedded_resource: ({ resourceUri: uri = '' }) =>
    say({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'Embedded.' } }),
  test_prompt_with_image: () => say({ type: 'image', data: png, mimeType: 'image/png' }),
  test_input_required_result_prompt: () => say({ type: 'text', text: 'Answered.' }),
}

/** The product's own handlers answer all that they can. */
function addPrompts(server: Server, own: Handlers): void {
  const get = ownHandler(own, 'prompts/get')
  server.setRequestHandler('prompts/get', async (request, context) => {
    const { name, arguments: given = {} } = request.params
    const asking = name === 'test_input_required_result_prompt' ? askForContext(context) : undefined
    if (asking !== undefined) return asking
    const fixture = prompts[name]
    if (fixture !== undefined) return { messages: [fixture(given)] }
    return (await get(request, context)) as never
  })
}
