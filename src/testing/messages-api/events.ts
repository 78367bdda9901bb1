import type { Block, Reply } from '../../agent/messages.ts'

export interface StreamEvent {
  readonly type: string
  readonly [key: string]: unknown
}

/** An answer as the events of a stream. */
export function toEvents(id: string, reply: Reply): StreamEvent[] {
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...reply.usage, output_tokens: 1 },
  }
  const { input_tokens, output_tokens } = reply.usage
  return [
    { type: 'message_start', message },
    ...reply.content.flatMap(toBlockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: reply.stop_reason, stop_sequence: null, stop_details: null },
      usage: { input_tokens, output_tokens },
    },
    { type: 'message_stop' },
  ]
}

function toBlockEvents(block: Block, index: number): StreamEvent[] {
  const [empty, deltas] = split(block)
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

type Delta = Readonly<Record<string, string>>

/** The block as it starts, and what makes it whole, in two pieces where it can be cut. */
function split(block: Block): [Block, Delta[]] {
  switch (block.type) {
    case 'text':
      return [
        { ...block, text: '' },
        halves(String(block['text'])).map((piece) => ({ type: 'text_delta', text: piece })),
      ]
    case 'tool_use': {
      const pieces = halves(JSON.stringify(block['input']))
      const deltas = pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }))
      return [{ ...block, input: {} }, deltas]
    }
    case 'thinking':
      return [
        { ...block, thinking: '', signature: '' },
        [
          { type: 'thinking_delta', thinking: String(block['thinking']) },
          { type: 'signature_delta', signature: String(block['signature']) },
        ],
      ]
    default:
      return [block, []]
  }
}

const halves = (whole: string): string[] => {
  const middle = Math.ceil(whole.length / 2)
  return [whole.slice(0, middle), whole.slice(middle)].filter((piece) => piece !== '')
}
