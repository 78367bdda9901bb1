import type { Tab } from './bill/bill.ts'
import { costOf } from './bill/cost.ts'
import type { PriceTable } from './bill/prices.ts'
import type { Conversation } from './conversation.ts'
import type { Expected } from './limits.ts'
import type { Block, Message, ToolDefinition } from './messages.ts'

/** Somewhat more tokens than there are: three bytes for each, where text has about four. */
const bytesPerToken = 3
const tokensOfImage = 2500

export interface ExpectMeans {
  readonly tab: Tab
  readonly table: PriceTable
  readonly model: string
  readonly day: string
  /** What stands before the messages. */
  readonly prefix: {
    readonly system: string | undefined
    readonly tools: readonly ToolDefinition[]
  }
  /** Writing for an hour is dearer. */
  readonly longCache: boolean
}

/** What the next request will need: the last one is known exactly, and only what came since is estimated. */
export function expect(conversation: Conversation, means: ExpectMeans): Expected {
  const { tab, table, model, day, longCache } = means
  const known = tab.lastPromptTokens
  const fresh = known > 0 ? conversation.messages.slice(-1) : conversation.messages
  const prefix = known > 0 ? 0 : tokensOf(JSON.stringify(means.prefix))
  const prompt = known + prefix + fresh.map(tokensOfMessage).reduce((sum, one) => sum + one, 0)
  const cost = (usage: object, output: number) =>
    costOf({ input_tokens: 0, output_tokens: output, ...usage }, model, { table, day }) ?? 0n
  return {
    prompt,
    atMost: (tokens, output) =>
      cost(
        {
          cache_creation_input_tokens: tokens,
          cache_creation: {
            ephemeral_1h_input_tokens: longCache ? tokens : 0,
            ephemeral_5m_input_tokens: longCache ? 0 : tokens,
          },
        },
        output,
      ),
    cached: (tokens, output) => cost({ cache_read_input_tokens: tokens }, output),
  }
}

const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken)

const tokensOfMessage = ({ content }: Message): number =>
  content.map(tokensOfBlock).reduce((sum, one) => sum + one, 0)

function tokensOfBlock(block: Block): number {
  if (block.type === 'image') return tokensOfImage
  const { content } = block
  if (block.type !== 'tool_result' || !Array.isArray(content))
    return tokensOf(JSON.stringify(block))
  return (content as Block[]).map(tokensOfBlock).reduce((sum, one) => sum + one, 0)
}
