import { openAgent, type Outcome, toBillAnswer } from '../agent/index.ts'
import { toErrorAnswer } from '../base/error.ts'
import { type AgentFlags, toAgentOptions } from './agent-options.ts'
import { personAt } from './agent-person.ts'
import { addPins } from './agent-pins.ts'
import { AgentVoice } from './agent-voice.ts'
import { takeEndSignals } from './end-signals.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface AskFlags extends AgentFlags {
  readonly question: string
}

/** One question, answered or not; the exit code says which. */
export async function askAgent(flags: AskFlags, terminal: Terminal): Promise<number> {
  const { ending } = takeEndSignals()
  const quiet = flags.quiet === true || flags.json === true
  const options = await toAgentOptions(flags)
  const voice = new AgentVoice(terminal, quiet, options.prices)
  const agent = await openAgent({
    ...options,
    ...personAt(terminal, voice),
    onEvent: (event) => voice.hear(event),
    signal: ending,
  })
  try {
    voice.setAside(agent.hub.setAside)
    await addPins(flags.pins, agent.hub.pins)
    const outcome = await agent.ask(flags.question, { signal: ending })
    if (flags.json === true) terminal.print(JSON.stringify(toAnswer(outcome, agent.model)))
    else voice.end(outcome)
    return outcome.status === 'answered' ? exitCode.done : exitCode.failed
  } finally {
    await agent.close()
  }
}

function toAnswer(outcome: Outcome, model: string): object {
  const { status, text, turns, bill } = outcome
  return {
    status,
    ...(outcome.status === 'limit' ? { limit: outcome.limit } : {}),
    ...(outcome.status === 'unknown_stop' ? { stop_reason: outcome.stopReason } : {}),
    ...(outcome.status === 'misshapen' ? { reason: outcome.reason } : {}),
    ...(outcome.status === 'failed' ? toErrorAnswer(outcome.error) : {}),
    text,
    model,
    turns,
    bill: toBillAnswer(bill),
  }
}
