import type { Block, Reply, Usage } from './messages.ts'
import { textOf } from './messages.ts'
import { type Ask, AskFailure, type Provider } from './provider.ts'

/** An answer written beforehand. */
export interface ScriptedReply {
  readonly content: readonly Block[]
  /** Without one: `tool_use` where the content has a call, else `end_turn`. */
  readonly stop_reason?: string
  readonly usage?: Usage
}

/** What comes after what: a list, or a function of the request and of how many there were before it. */
export type Script<Turn> = readonly Turn[] | ((ask: Ask, index: number) => Turn)

const noUsage: Usage = { input_tokens: 0, output_tokens: 0 }

/** A model that says what it was told to: for tests, and for a first run without a key. */
export function createScriptedProvider(
  script: Script<ScriptedReply>,
  model = 'scripted',
): Provider {
  let asked = 0
  return {
    model,
    async ask(ask, heard, signal) {
      signal.throwIfAborted()
      const turn = typeof script === 'function' ? script(ask, asked) : script[asked]
      asked += 1
      if (turn === undefined) {
        throw new AskFailure('invalid_input', 'The script has no further answer.', { again: false })
      }
      heard.onText(textOf(turn.content))
      return toReply(turn, model)
    },
  }
}

const toReply = (
  { content, stop_reason, usage = noUsage }: ScriptedReply,
  model: string,
): Reply => ({
  model,
  content,
  stop_reason: stop_reason ?? stopReasonOf(content),
  usage,
})

export const stopReasonOf = (content: readonly Block[]): string =>
  content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
