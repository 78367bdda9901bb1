import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Audit, type AuditOptions, createAudit } from '../../../dist/edge/audit/audit.js'
import type { Call, CallTool } from '../../../dist/tools/call.js'
import type { Tool } from '../../../dist/tools/tool.js'
import { scratchFolder } from '../../support/scratch.ts'

export type Line = Readonly<Record<string, unknown>>

/** A record in a folder of its own, closed when the test ends. */
export function makeAudit(options: Partial<AuditOptions> = {}): Audit & { readonly file: string } {
  const file = options.file ?? join(scratchFolder(), 'audit.jsonl')
  const audit = createAudit({
    file,
    statements: false,
    rotateBytes: 1_000_000,
    keep: 10,
    key: undefined,
    whenAuditFails: 'closed',
    note: () => undefined,
    ...options,
  })
  onTestFinished(() => audit.close())
  return { ...audit, file }
}

export const readRecord = (file: string): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line)
    : []

export interface CallParts {
  readonly statement?: string
  readonly actor?: string
  readonly client?: string
  readonly traceparent?: unknown
}

export function callOf(parts: CallParts = {}): Call {
  const { statement = 'SELECT 1', actor = 'ana', client, traceparent } = parts
  const tool = {
    name: 'query_database',
    subject: (given: { query: string }) => ({ source: 'shop', statement: given.query }),
  }
  return {
    tool: tool as unknown as Tool,
    arguments: { query: statement },
    context: {
      signal: new AbortController().signal,
      actor: { id: actor, claims: {}, tools: 'all', sources: 'all' },
    },
    origin: { transport: 'http', client, trace: { traceparent } },
  }
}

export const answer: CallTool = async () => ({ answer: { row_count: 2 }, text: '{"rows":[]}' })
