/** Whether a line of a file is one of `entry.ts`: somebody may have written into it. */
import * as z from 'zod'

const labels = z.looseObject({ untrusted: z.boolean(), sensitive: z.boolean() })
const facts = labels.extend({
  readOnly: z.boolean(),
  destructive: z.boolean(),
  egress: z.boolean(),
  denied: z.boolean(),
})
const content = z.array(z.looseObject({ type: z.string() }))
const count = z.int().nonnegative()
const anything = z.record(z.string(), z.unknown())
const usage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count.nullish(),
  cache_creation: z
    .looseObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .nullish(),
  cache_read_input_tokens: count.nullish(),
  server_tool_use: z.looseObject({ web_search_requests: count.nullish() }).nullish(),
})
const turn = z.int()
const day = z.iso.date()

const entry = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('run'), model: z.string(), read: labels }),
  z.looseObject({
    type: z.literal('message'),
    message: z.looseObject({ role: z.enum(['user', 'assistant']), content }),
  }),
  z.looseObject({ type: z.literal('request'), turn, note: z.string().optional() }),
  z.looseObject({
    type: z.literal('reply'),
    turn,
    day,
    reply: z.looseObject({ model: z.string(), content, stop_reason: z.string().nullable(), usage }),
  }),
  z.looseObject({
    type: z.literal('broken'),
    turn,
    day,
    model: z.string(),
    code: z.string(),
    usage: usage.optional(),
  }),
  z.looseObject({
    type: z.literal('decision'),
    id: z.string(),
    call: z.looseObject({
      server: z.string(),
      tool: z.string(),
      arguments: anything,
      definitionHash: z.string(),
    }),
    key: z.string(),
    read: labels,
    facts,
    decision: z.looseObject({ verdict: z.string(), rule: z.string() }),
    approved: z.boolean().optional(),
  }),
  z.looseObject({ type: z.literal('call'), id: z.string(), key: z.string() }),
  z.looseObject({
    type: z.literal('result'),
    id: z.string(),
    content,
    isError: z.boolean(),
    ms: z.number(),
    read: labels,
  }),
  z.looseObject({ type: z.literal('outcome'), status: z.string(), usd: z.string().nullable() }),
])

/** What is wrong with it, and where; undefined where nothing is. */
export function flawOfEntry(value: unknown): string | undefined {
  const [issue] = entry.safeParse(value).error?.issues ?? []
  return issue && `${issue.path.join('.') || 'all of it'}: ${issue.message}`
}
