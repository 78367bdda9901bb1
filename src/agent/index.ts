/** `vitrine/agent`: Claude with the tools of MCP servers, within limits and at a known price. */
export {
  type Agent,
  type AgentOptions,
  cheapModel,
  openAgent,
  runAgent,
  strongModel,
} from './agent.ts'
export { type AnthropicOptions, createAnthropicProvider } from './anthropic.ts'
export { type Bill, type BillAnswer, type BillLine, compare, toBillAnswer } from './bill/bill.ts'
export { type Money, toDollars } from './bill/money.ts'
export {
  type OwnPrice,
  type PriceTable,
  pricesOf,
  publishedPrices,
  withOwnPrices,
} from './bill/prices.ts'
export type { AgentEvent, OnEvent } from './events.ts'
export type { Pins, SetAside } from './hub/listing.ts'
export type { Elicit, Elicitation, ElicitationAnswer } from './hub/open-client.ts'
export type { HttpReach, ServerSpec, StdioReach } from './hub/server-spec.ts'
export { readServersFile } from './hub/servers-file.ts'
export { defaultLimits, type LimitName, type Limits } from './limits.ts'
export type { Block, Message, Reply, StopReason, ToolDefinition, Usage } from './messages.ts'
export type { Ending, Outcome } from './outcome.ts'
export { type Ask, AskFailure, type Heard, type Provider } from './provider.ts'
export { createScriptedProvider, type Script, type ScriptedReply } from './scripted.ts'
export { type Decision, decide, type Rule, type ToolFacts } from './safety/decide.ts'
export type { Labels } from './safety/labels.ts'
export type { ApprovalRequest, Approve, Call } from './safety/permit.ts'
export type { StatedFacts } from './safety/tool-facts.ts'
export type { Entry } from './transcript/entry.ts'
export { readTranscript } from './transcript/file.ts'
export { type Replayed, replay } from './transcript/replay.ts'
