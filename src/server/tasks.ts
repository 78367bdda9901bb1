/**
 * Jobs as tasks, for clients that declare the extension on their request (SEP-2663). The protocol library has
 * nothing for it yet; when it has, this file goes.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { toAppError } from '../base/error.ts'
import type { Reply } from '../tools/call.ts'
import type { JobFacts } from '../tools/jobs/job-task.ts'
import type { ToolResult } from './answer-call.ts'
import { tasksExtension } from './offer.ts'
import { toToolResult } from './tool-result.ts'

/** True where the `_meta` of a request declares it. */
export function takesTasks(meta: Readonly<Record<string, unknown>> | undefined): boolean {
  const declared = meta?.[CLIENT_CAPABILITIES_META_KEY] as
    | { readonly extensions?: Readonly<Record<string, unknown>> }
    | undefined
  return declared?.extensions?.[tasksExtension] !== undefined
}

interface Handle {
  readonly id: string
  readonly status: string
  readonly created_at: string
  readonly poll_after_ms?: number
}

/** The task that a call became, where its answer is a job. */
export function toTask({ structuredContent }: ToolResult): object | undefined {
  const { job } = (structuredContent ?? {}) as { job?: Handle }
  if (job?.poll_after_ms === undefined) return undefined
  return {
    resultType: 'task',
    taskId: job.id,
    status: 'working',
    createdAt: job.created_at,
    lastUpdatedAt: job.created_at,
    ttlMs: null,
    pollIntervalMs: job.poll_after_ms,
  }
}

/** Calls a tool about jobs, through all gates. */
export interface TaskCalls {
  readonly look: (taskId: string, context: ServerContext) => Promise<Reply>
  readonly cancel: (taskId: string, context: ServerContext) => Promise<Reply>
}

const params = z.looseObject({ taskId: z.string() })
const schemas = { params, result: z.looseObject({}) }

/** The methods that a client asks for a task with. */
export function answerTasks(server: Server, { look, cancel }: TaskCalls): void {
  server.setRequestHandler('tasks/get', schemas, async ({ taskId }, context) => {
    refuseUndeclared(context)
    const { answer } = await look(taskId, context).catch(refuse)
    return toState(taskId, answer as unknown as JobFacts)
  })
  // No job asks its caller anything.
  server.setRequestHandler('tasks/update', schemas, async ({ taskId }, context) => {
    refuseUndeclared(context)
    await look(taskId, context).catch(refuse)
    return {}
  })
  server.setRequestHandler('tasks/cancel', schemas, async ({ taskId }, context) => {
    refuseUndeclared(context)
    await cancel(taskId, context).catch(refuse)
    return {}
  })
}

/** Every request declares it for itself (SEP-2575). */
function refuseUndeclared({ mcpReq }: ServerContext): void {
  if (takesTasks(mcpReq.envelope)) return
  throw new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  })
}

function refuse(thrown: unknown): never {
  const { code, message, hint } = toAppError(thrown)
  const { InvalidParams, InternalError } = ProtocolErrorCode
  const isUnknown = code === 'job_not_found' || code === 'unknown_tool'
  throw new ProtocolError(isUnknown ? InvalidParams : InternalError, `${message} ${hint}`)
}

const pollIntervalMs = 2000

/** An error of a tool is a result; a task fails by the protocol's own errors only. */
function toState(taskId: string, facts: JobFacts): Record<string, unknown> {
  const { status, createdAt, changedAt, keepMs, outcome } = facts
  const about = { resultType: 'complete', taskId, createdAt, lastUpdatedAt: changedAt }
  if (status === 'queued' || status === 'running')
    return { ...about, status: 'working', ttlMs: null, pollIntervalMs }
  // Of its end; of the task's beginning as the protocol counts.
  const ttlMs = Date.parse(changedAt) - Date.parse(createdAt) + keepMs
  if (outcome === undefined) return { ...about, status: 'cancelled', ttlMs }
  const result = toToolResult({ answer: { ...outcome }, text: JSON.stringify(outcome) })
  const isError = 'error' in outcome ? { isError: true } : {}
  return { ...about, status: 'completed', ttlMs, result: { ...result, ...isError } }
}
