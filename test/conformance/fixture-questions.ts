/** Tools that ask their caller something first (MCP: multi round-trip requests). Vitrine has none. */
import {
  type CallToolResult,
  createRequestStateCodec,
  inputRequired,
  type InputRequests,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'

type Outcome = CallToolResult | InputRequiredResult

const elicit = (message: string, property: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [property]: { type: 'string' } },
      required: [property],
    },
  })

const sample = (question: string) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens: 50,
  })

const name = { user_name: elicit('What is your name?', 'name') }
const confirm = { confirm: elicit('Please confirm', 'ok') }
const question = { capital_question: sample('What is the capital of France?') }
const roots = { client_roots: inputRequired.listRoots() }
const everything = { ...name, greeting: sample('Generate a greeting'), ...roots }

/** Which questions a tool asks, round by round, and whether a state that is signed goes along. */
const flows: Readonly<Record<string, { rounds: readonly InputRequests[]; signed?: boolean }>> = {
  test_tool_with_task: { rounds: [name] },
  test_missing_capability: { rounds: [question] },
  test_input_required_result_elicitation: { rounds: [name] },
  test_input_required_result_sampling: { rounds: [question] },
  test_input_required_result_list_roots: { rounds: [roots] },
  test_input_required_result_request_state: { rounds: [confirm], signed: true },
  test_input_required_result_tampered_state: { rounds: [confirm], signed: true },
  test_input_required_result_multiple_inputs: { rounds: [everything], signed: true },
  test_input_required_result_capabilities: { rounds: [question] },
  test_input_required_result_multi_round: {
    rounds: [
      { step1: elicit('Step 1: what is your name?', 'name') },
      { step2: elicit('Step 2: what is your favourite colour?', 'color') },
    ],
    signed: true,
  },
}

/** One of them goes on as a task, and is listed as such. */
export const questionNames: readonly string[] = Object.keys(flows).filter(
  (tool) => tool !== 'test_tool_with_task',
)

const state = createRequestStateCodec<number>({
  key: 'a key of conformance tests, no secret at all',
})

export async function answerWithQuestions(
  tool: string,
  context: ServerContext,
): Promise<Outcome | undefined> {
  const flow = flows[tool]
  if (flow === undefined) return undefined
  const { mcpReq } = context
  const given = mcpReq.inputResponses
  const round = flow.signed && given !== undefined ? await readRound(context) : 0
  const asked = flow.rounds[round]
  const answered = asked && Object.keys(asked).every((key) => isAnswer(given?.[key]))
  const next = answered ? flow.rounds[round + 1] : asked
  if (next === undefined && tool === 'test_tool_with_task') return undefined
  if (next === undefined) return { content: [{ type: 'text', text: 'Answered: state-ok' }] }
  const number = flow.rounds.indexOf(next)
  return inputRequired({
    inputRequests: next,
    ...(flow.signed === true && { requestState: await state.mint(number) }),
  })
}

async function readRound(context: ServerContext): Promise<number> {
  try {
    return await state.verify(context.mcpReq.requestState<string>() ?? '', context)
  } catch {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The state is not one of ours.')
  }
}

/** What the caller answered when it was asked for a name. */
export function nameIn({ mcpReq }: ServerContext): unknown {
  const { content } = (mcpReq.inputResponses?.['user_name'] ?? {}) as {
    content?: { name?: unknown }
  }
  return content?.name
}

const isAnswer = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Asks once, from a prompt. */
export function askForContext({ mcpReq }: ServerContext): InputRequiredResult | undefined {
  if (isAnswer(mcpReq.inputResponses?.['user_context'])) return undefined
  return inputRequired({
    inputRequests: { user_context: elicit('What context should the prompt use?', 'context') },
  })
}
