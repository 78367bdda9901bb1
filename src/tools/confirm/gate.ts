import { AppError } from '../../base/error.ts'
import {
  type Call,
  type CallGate,
  type CallOrigin,
  type Confirmation,
  type Reply,
  toReply,
} from '../call.ts'
import type { Answer, Prepared } from '../tool.ts'
import { type Matter, Sealer } from './seal.ts'
import type { Spent } from './spent.ts'
import { takeToken } from './token.ts'
import { toQuestion, toSummary } from './to-question.ts'

export interface ConfirmGateOptions {
  /** Of seals, where several processes share it; one of this process alone where undefined. */
  readonly key: string | undefined
  /** Milliseconds for which a person may think. */
  readonly withinMs: number
  /** A client that cannot ask its person may confirm by itself, with a second call. */
  readonly takesTokens: boolean
  readonly spent: Spent
}

/** A call that changes something, on its way to be confirmed. */
interface Pending {
  readonly call: Call
  readonly prepared: Prepared
  readonly question: string
  /** As a confirmation of it says. */
  readonly matter: Omit<Matter, 'purpose'>
}

/**
 * Nothing that changes anything runs before it is confirmed: by a person, who was shown all of it, or where
 * the config says so, by a second call with the token that the first one gave. A confirmation is for one
 * actor, one tool, and exactly what would run; it counts once, and not for long.
 */
export function createConfirmGate({ spent, takesTokens, ...seals }: ConfirmGateOptions): CallGate {
  const sealer = new Sealer(seals)

  const ask = async (pending: Pending): Promise<Reply> => {
    const { text: state } = sealer.seal({ ...pending.matter, purpose: 'question' })
    await tell(pending, 'asked')
    return { ...toReply(waiting), question: { text: pending.question, state } }
  }

  const giveToken = async (pending: Pending): Promise<Reply> => {
    const { text: token, expiresAt } = sealer.seal({ ...pending.matter, purpose: 'token' })
    await tell(pending, 'token_given')
    const expires = new Date(expiresAt).toISOString()
    const summary = toSummary(pending.matter.tool, pending.matter.plan)
    return toReply({ confirm: { token, summary, expires_at: expires } })
  }

  /** From here on it is used, whatever comes of it. */
  const use = async (pending: Pending, text: string, purpose: Matter['purpose']): Promise<void> => {
    const seal = sealer.open(text, { ...pending.matter, purpose })
    if (seal !== undefined && (await spent.spend(seal))) return
    await tell(pending, 'not_valid')
    throw notValid()
  }

  return async (call, next) => {
    const { effect } = call.tool
    if (effect === undefined) return next(call)
    const { given, token } = takesTokens
      ? takeToken(call.arguments)
      : { given: call.arguments, token: undefined }
    const prepared = await effect.prepare(given, call.context)
    const pending = toPending(call, prepared)
    const response = call.asking?.response
    if (call.asking !== undefined) {
      if (response === undefined) return ask(pending)
      await use(pending, response.state, 'question')
      await tell(pending, response.decision)
      if (response.decision !== 'accepted') throw refusals[response.decision]()
    } else {
      if (!takesTokens) {
        await tell(pending, 'nobody_to_ask')
        throw nobodyToAsk(call)
      }
      if (token === undefined) return giveToken(pending)
      await use(pending, token, 'token')
      await tell(pending, 'token_used')
    }
    return next(toConfirmed(call, prepared))
  }
}

function toPending(call: Call, prepared: Prepared): Pending {
  const { tool, context } = call
  const actor = context.actor?.id
  if (actor === undefined) throw nobody()
  const { plan } = prepared
  return {
    call,
    prepared,
    question: toQuestion(tool.name, plan),
    matter: { actor, tool: tool.name, plan },
  }
}

/** What was prepared runs, and not what the tool might make of the same arguments now. */
const toConfirmed = (call: Call, prepared: Prepared): Call => ({
  ...call,
  tool: { ...call.tool, run: (_given, context) => prepared.run(context) },
})

/** For whoever does not look at the question. */
const waiting: Answer = { waiting: 'A person is asked whether this shall be done.' }

const tell = async ({ call }: Pending, confirmation: Confirmation): Promise<void> =>
  call.onConfirmation?.(confirmation)

const refusals = {
  declined: () =>
    new AppError('not_confirmed', 'The person was shown what would run, and said no.', {
      hint: 'Nothing was changed. Do not ask for it again unless they want something else.',
    }),
  cancelled: () =>
    new AppError('not_confirmed', 'The person closed the question without an answer.', {
      hint: 'Nothing was changed. Ask them in the conversation what they want before you call again.',
    }),
}

const notValid = (): AppError =>
  new AppError(
    'not_confirmed',
    'The confirmation does not hold for this call, any more or at all.',
    {
      hint: 'Nothing was changed. One counts once, for exactly the call that was shown, and not for long: call again without it.',
    },
  )

const nobodyToAsk = ({ tool, origin }: Call): AppError =>
  new AppError(
    'not_confirmed',
    `A person has to confirm each call of ${tool.name}, and nobody can be asked here.`,
    { hint: `Nothing was changed. ${hints[origin.transport] ?? hintForModel}` },
  )

/** For the person themselves. */
const hints: Readonly<Partial<Record<CallOrigin['transport'], string>>> = {
  terminal: 'Call it where somebody can type yes, or with --yes.',
  program: 'Give `confirm` with the call: it asks the person.',
}

const hintForModel =
  'Tell the person what you wanted to change: they can do it with a client that can ask them (MCP: elicitation).'

const nobody = (): AppError =>
  new AppError('not_allowed', 'Nobody is known who could be asked to confirm this.')
