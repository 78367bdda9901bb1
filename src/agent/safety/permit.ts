import { orCancelled } from '../../base/or-cancelled.ts'
import { hashOf } from './hash-of.ts'
import { type Decision, decide, type ToolFacts } from './decide.ts'
import type { Labels } from './labels.ts'

/** A call to a tool of a server, as a model wants it. */
export interface Call {
  readonly server: string
  /** As the server calls it. */
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** Of the definition that the model has read. */
  readonly definitionHash: string
}

declare const permitted: unique symbol

/**
 * A call that may run, once. Only `Gate` makes one and a hub takes nothing else, so the compiler proves
 * that no call reaches a server undecided.
 */
export type Permit = Call & { readonly [permitted]: true }

/** What a person is asked. Texts that come from a model or a server are to be shown by `toVisible`. */
export interface ApprovalRequest extends Call {
  readonly rule: Decision['rule']
  readonly facts: ToolFacts
}

/** A person's answer to one call; whoever answers is to see its arguments whole. */
export type Approve = (request: ApprovalRequest, signal: AbortSignal) => Promise<boolean>

export interface Judged {
  readonly key: string
  readonly decision: Decision
  /** Undefined where nobody was asked. */
  readonly approved: boolean | undefined
  readonly permit: Permit | undefined
}

/** The identity of a call: an approval is for this one and no other. */
export const keyOf = ({ server, tool, arguments: input, definitionHash }: Call): string =>
  hashOf([server, tool, input, definitionHash])

/** Where every call is decided, and a person asked where the rule says so. Without a person: no. */
export class Gate {
  readonly #approve: Approve | undefined

  constructor(approve: Approve | undefined) {
    this.#approve = approve
  }

  async judge(
    call: Call,
    [read, facts]: readonly [Labels, ToolFacts],
    signal: AbortSignal,
  ): Promise<Judged> {
    // Nobody may change the arguments between the question and the call.
    const own = structuredClone(call)
    const key = keyOf(own)
    const decision = decide(read, facts, false)
    if (decision.verdict !== 'confirm') {
      const permit = decision.verdict === 'allow' ? toPermit(own) : undefined
      return { key, decision, approved: undefined, permit }
    }
    const request = structuredClone({ ...own, rule: decision.rule, facts })
    const approved = await this.#ask(request, signal)
    const allowed = approved && decide(read, facts, true).verdict === 'allow'
    return { key, decision, approved, permit: allowed ? toPermit(own) : undefined }
  }

  /** Whoever fails to answer, or answers when the run is over, has not said yes. */
  async #ask(request: ApprovalRequest, signal: AbortSignal): Promise<boolean> {
    const approve = this.#approve
    if (approve === undefined) return false
    const asking = async (): Promise<boolean> => approve(request, signal)
    const answer: unknown = await orCancelled(asking(), signal).catch(() => false)
    return answer === true && !signal.aborted
  }
}

const toPermit = (call: Call): Permit => Object.freeze(call) as Permit
