/** How a person is asked in the middle of a call (MCP: elicitation). */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Asking, Decision, Question } from '../tools/call.ts'

/** Of the one question there is. */
const key = 'confirm'
const field = 'decision'
/** The first one is what a client may have chosen before anybody looked. */
const choices = { no: 'Do not do it', yes: 'Do it' } as const

type Request = ServerContext['mcpReq']

/**
 * Undefined where the client has not said that it shows forms to its person. Since 2026-07-28 it says so
 * with each request; before, in a handshake, of which a request without a session knows nothing.
 */
export function toAsking(request: Request, server: Server): Asking | undefined {
  const envelope = request.envelope as Readonly<Record<string, unknown>> | undefined
  const declared = (
    envelope === undefined
      ? // Deprecated, but the handshake of earlier revisions is told nowhere else.
        server.getClientCapabilities()
      : envelope[CLIENT_CAPABILITIES_META_KEY]
  ) as { readonly elicitation?: Readonly<Record<string, unknown>> } | undefined
  return showsForms(declared?.elicitation) ? { response: toResponse(request) } : undefined
}

/** One that names no way means forms (MCP: elicitation, capabilities). */
const showsForms = (elicitation: Readonly<Record<string, unknown>> | undefined): boolean =>
  elicitation !== undefined &&
  (elicitation['form'] !== undefined || elicitation['url'] === undefined)

function toResponse(request: Request): Asking['response'] {
  const state = request.requestState()
  const given: unknown = request.inputResponses?.[key]
  if (typeof state !== 'string' || typeof given !== 'object' || given === null) return undefined
  return { state, decision: toDecision(given) }
}

/** Yes is said by choosing it and sending the form; whatever else is said means no. */
function toDecision({ action, content }: { action?: unknown; content?: unknown }): Decision {
  if (action === 'cancel') return 'cancelled'
  const chosen = (content as { readonly [field]?: unknown } | undefined)?.[field]
  return action === 'accept' && chosen === choices.yes ? 'accepted' : 'declined'
}

/** To clients of before 2026-07-28 the protocol library makes a request of it. */
export const toInputRequired = ({ text, state }: Question): InputRequiredResult =>
  inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({
        message: text,
        requestedSchema: {
          type: 'object',
          properties: {
            [field]: {
              type: 'string',
              title: 'Shall it be done?',
              description: 'Nothing is changed unless you choose it.',
              enum: Object.values(choices),
            },
          },
          required: [field],
        },
      }),
    },
    requestState: state,
  })
