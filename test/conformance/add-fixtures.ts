/** Puts around a server of the product what the suite wants to see and the product does not have. */
import {
  type GetPromptResult,
  type PromptMessage,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { answerWithContents, png } from './fixture-contents.ts'
import { answerWithQuestions, askForContext, nameIn } from './fixture-questions.ts'
import { answerAtOnce, refuseWithoutTasks } from './fixture-tasks.ts'

export function addFixtures(server: Server): Server {
  server.registerCapabilities({ resources: {}, prompts: {}, completions: {} })
  addTools(server)
  addResources(server)
  addPrompts(server)
  server.setRequestHandler('completion/complete', () => ({ completion: { values: [] } }))
  return server
}

type Handlers = Map<string, (request: unknown, context: ServerContext) => Promise<object>>

/** The product's own handler answers all that it can. */
function addTools(server: Server): void {
  // The library keeps handlers for itself; there is no other way to one that is set.
  const { _requestHandlers: handlers } = server as unknown as { _requestHandlers: Handlers }
  const own = handlers.get('tools/call')
  if (own === undefined) throw new Error('The server answers no calls.')
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name, arguments: given } = request.params
    refuseWithoutTasks(name, context)
    const answer =
      answerWithContents(name) ??
      answerAtOnce(name, given) ??
      (await answerWithQuestions(name, context))
    return answer ?? ((await own(withName(request, context), context)) as never)
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

const resources = [
  { uri: 'test://static-text', name: 'text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'binary', mimeType: 'image/png' },
]

function addResources(server: Server): void {
  const template = {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    mimeType: 'text/plain',
  }
  server.setRequestHandler('resources/list', () => ({ resources }))
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [template] }))
  server.setRequestHandler('resources/read', ({ params }) => readResource(params.uri))
}

function readResource(uri: string): ReadResourceResult {
  if (uri === 'test://static-binary') {
    return { contents: [{ uri, mimeType: 'image/png', blob: png }] }
  }
  const known = uri === 'test://static-text' || /^test:\/\/template\/\w+\/data$/.test(uri)
  const { InvalidParams } = ProtocolErrorCode
  if (!known) throw new ProtocolError(InvalidParams, 'There is no such resource.', { uri })
  return { contents: [{ uri, mimeType: 'text/plain', text: `The text of ${uri}.` }] }
}

type Arguments = Readonly<Record<string, string>>

const say = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content })

const prompts: Readonly<Record<string, (given: Arguments) => readonly PromptMessage[]>> = {
  test_simple_prompt: () => [say({ type: 'text', text: 'A simple prompt.' })],
  test_prompt_with_arguments: ({ arg1, arg2 }) => [
    say({ type: 'text', text: `Prompt with arguments: ${arg1} and ${arg2}` }),
  ],
  test_prompt_with_embedded_resource: ({ resourceUri: uri = '' }) => [
    say({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'Embedded.' } }),
  ],
  test_prompt_with_image: () => [say({ type: 'image', data: png, mimeType: 'image/png' })],
  test_input_required_result_prompt: () => [say({ type: 'text', text: 'Answered.' })],
}

const listedPrompts = Object.keys(prompts).map((name) => ({
  name,
  description: 'A fixture of the conformance suite.',
}))

function addPrompts(server: Server): void {
  server.setRequestHandler('prompts/list', () => ({ prompts: listedPrompts }))
  server.setRequestHandler('prompts/get', ({ params }, context) => {
    const { name, arguments: given = {} } = params
    const asking = name === 'test_input_required_result_prompt' ? askForContext(context) : undefined
    return asking ?? getPrompt(name, given)
  })
}

function getPrompt(name: string, given: Arguments): GetPromptResult {
  const messages = prompts[name]
  const { InvalidParams } = ProtocolErrorCode
  if (messages === undefined) throw new ProtocolError(InvalidParams, 'There is no such prompt.')
  return { messages: [...messages(given)] }
}
