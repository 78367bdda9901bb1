import { openAgent, toDollars } from '../agent/index.ts'
import { AppError } from '../base/error.ts'
import { type AgentFlags, toAgentOptions } from './agent-options.ts'
import { personAt } from './agent-person.ts'
import { addPins } from './agent-pins.ts'
import { AgentVoice } from './agent-voice.ts'
import { personIsThere, readLine } from './read-line.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { untilCtrlC } from './until-ctrl-c.ts'

/** Questions one after the other, each knowing what was said before. Ctrl-C ends a run, and at the prompt the chat. */
export async function chat(flags: AgentFlags, terminal: Terminal): Promise<number> {
  if (!personIsThere()) {
    throw new AppError('invalid_input', 'A chat needs a terminal.', {
      hint: 'Programs use vitrine ask --json.',
    })
  }
  const options = await toAgentOptions(flags)
  const voice = new AgentVoice(terminal, false, options.prices)
  const agent = await openAgent({
    ...options,
    ...personAt(terminal, voice),
    onEvent: (event) => voice.hear(event),
  })
  let cost = 0n
  let unpriced = false
  try {
    voice.setAside(agent.hub.setAside)
    await addPins(flags.pins, agent.hub.pins)
    terminal.note(`${agent.model}, ${agent.hub.tools.length} tools. An empty line ends the chat.`)
    for (;;) {
      const question = (await readLine('\n> ')) ?? ''
      if (question.trim() === '') break
      const outcome = await untilCtrlC((signal) => agent.ask(question, { signal }))
      voice.end(outcome)
      cost += outcome.bill.cost
      unpriced ||= outcome.bill.unpriced.length > 0
    }
    terminal.note(`Altogether ${unpriced ? 'more than ' : ''}$${toDollars(cost)}.`)
    return exitCode.done
  } finally {
    await agent.close()
  }
}
