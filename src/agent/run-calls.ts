import { choices } from '../base/nearest.ts'
import { isObject } from '../base/is-object.ts'
import { shorten } from '../base/shorten.ts'
import type { Conversation } from './conversation.ts'
import type { OnEvent } from './events.ts'
import type { Hub } from './hub/hub.ts'
import { readResult } from './hub/kept-results.ts'
import type { HubTool } from './hub/listing.ts'
import type { ToolResult } from './hub/map-result.ts'
import {
  type Block,
  text,
  type ToolResultBlock,
  type ToolUseBlock,
  toResultBlock,
} from './messages.ts'
import type { Gate, Judged } from './safety/permit.ts'
import { type Labels, noLabels } from './safety/labels.ts'
import type { Transcript } from './transcript/entry.ts'

/** What calls are made with. */
export interface CallMeans {
  readonly hub: Hub
  readonly gate: Gate
  readonly transcript: Transcript
  readonly onEvent: OnEvent
  readonly callTimeoutMs: number
}

interface Ready {
  readonly use: ToolUseBlock
  /** Undefined: there is no such tool, or it is the built-in one. */
  readonly tool?: HubTool | undefined
  readonly judged?: Judged | undefined
}

/**
 * The calls of one answer, and a result for each. All are decided by what had been read before the answer,
 * for the model wrote them knowing no more. Those that only read run at once, the others one by one.
 */
export async function runCalls(
  uses: readonly ToolUseBlock[],
  conversation: Conversation,
  [means, signal]: readonly [CallMeans, AbortSignal],
): Promise<void> {
  const { read } = conversation
  const ready: Ready[] = []
  for (const use of uses) ready.push(await judge(use, read, [means, signal]))
  const results = new Map<Ready, Block>()
  for (const group of toGroups(ready)) {
    const answered = await Promise.all(
      group.map((one) => answer(one, conversation, [means, signal])),
    )
    group.forEach((one, index) => results.set(one, answered[index] as Block))
  }
  conversation.hear(ready.flatMap((one) => results.get(one) ?? []))
}

async function judge(
  use: ToolUseBlock,
  read: Labels,
  [{ hub, gate, transcript, onEvent }, signal]: readonly [CallMeans, AbortSignal],
): Promise<Ready> {
  const tool = hub.toolNamed(use.name)
  if (tool === undefined || !isObject(use.input)) return { use, tool: undefined }
  const { server, tool: name, definitionHash, facts } = tool
  const call = { server, tool: name, arguments: use.input, definitionHash }
  const judged = await gate.judge(call, [read, facts], signal)
  const { key, decision, approved } = judged
  const entry = { type: 'decision', id: use.id, call, key, read, facts, decision } as const
  await transcript.write({ ...entry, approved })
  onEvent({
    type: 'call',
    id: use.id,
    server,
    tool: name,
    arguments: use.input,
    decision,
    approved,
  })
  return { use, tool, judged }
}

/** Neighbours that only read run together; order is kept between them and what changes something. */
function toGroups(ready: readonly Ready[]): readonly (readonly Ready[])[] {
  const groups: Ready[][] = []
  for (const one of ready) {
    const last = groups.at(-1)
    if (last?.every(onlyReads) === true && onlyReads(one)) last.push(one)
    else groups.push([one])
  }
  return groups
}

const onlyReads = ({ tool }: Ready): boolean => tool?.facts.readOnly !== false

async function answer(
  { use, tool, judged }: Ready,
  conversation: Conversation,
  [means, signal]: readonly [CallMeans, AbortSignal],
): Promise<ToolResultBlock> {
  const start = performance.now()
  const { content, isError } = await resultOf({ use, tool, judged }, means, signal)
  const ran = judged?.permit !== undefined && tool !== undefined
  const { untrusted, sensitive } = ran ? tool.facts : noLabels
  conversation.raise({ untrusted, sensitive })
  const ms = Math.round(performance.now() - start)
  const { read } = conversation
  await means.transcript.write({ type: 'result', id: use.id, content, isError, ms, read })
  means.onEvent({ type: 'result', id: use.id, isError, ms, content })
  return toResultBlock(use.id, content, isError)
}

async function resultOf(
  { use, tool, judged }: Ready,
  { hub, transcript, onEvent, callTimeoutMs }: CallMeans,
  signal: AbortSignal,
): Promise<ToolResult> {
  if (use.name === readResult.name && isObject(use.input)) return hub.readKept(use.input)
  if (tool === undefined || judged === undefined) return unknownCall(use, hub)
  if (judged.permit === undefined) return refusal(judged)
  if (signal.aborted) return error('The run ended before this call was made.')
  await transcript.write({ type: 'call', id: use.id, key: judged.key })
  return hub.call(judged.permit, {
    timeoutMs: callTimeoutMs,
    signal,
    onProgress: ({ progress, total, message }) =>
      onEvent({ type: 'progress', id: use.id, progress, total, message }),
  })
}

/** The model has the whole list already. */
const longestChoices = 2000

const unknownCall = (use: ToolUseBlock, hub: Hub): ToolResult =>
  error(
    isObject(use.input)
      ? `There is no tool ${use.name}. ${shorten(
          choices(
            use.name,
            'Tools',
            hub.definitions.map(({ name }) => name),
          ),
          longestChoices,
        )}`
      : 'The arguments of a call are an object.',
  )

const refusal = ({ decision, approved }: Judged): ToolResult =>
  error(
    approved === false
      ? `Nobody has allowed this call (${decision.rule}), so it was not made. Do not try it again in another way; go on without it, or say what you would have done.`
      : 'This tool may not be used here.',
  )

const error = (message: string): ToolResult => ({ content: [text(message)], isError: true })
