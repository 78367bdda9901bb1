/** `import … from 'vitrine'`: tools of one's own, and the server as part of a program. */
export type { Actor } from '../base/actor.ts'
export { AppError, type ErrorCode } from '../base/error.ts'
export type { TableAnswer } from '../results/answer.ts'
export {
  type ArgumentsSchema,
  type BoundValue,
  defineTool,
  type DefinedTool,
  type QueryOptions,
  type ToolContext,
  type ToolDefinition,
} from '../tools/defined-tool.ts'
export type { Decision } from '../tools/call.ts'
export type { Answer } from '../tools/tool.ts'
export {
  type CallOptions,
  createVitrine,
  type ServeHttpOptions,
  type ServeStdioOptions,
  type Vitrine,
  type VitrineOptions,
} from './create-vitrine.ts'
