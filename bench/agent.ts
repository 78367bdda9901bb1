/**
 * `npm run bench:agent`: what a turn of the agent costs beyond a loop written by hand over the same SDK and
 * the same server, and how long it takes until the first request against the slowest server.
 */
import Anthropic from '@anthropic-ai/sdk'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import Table from 'cli-table3'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createAnthropicProvider, openAgent, type ServerSpec } from 'vitrine/agent'
import { startFakeMessagesApi } from 'vitrine/testing/messages-api'

interface Measured {
  readonly wall: number
  readonly cpu?: number
}

const turns = 20
const runs = 40
const model = 'claude-opus-5-5'
const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
const require = createRequire(import.meta.url)

const server = (name: string, args: readonly string[]): ServerSpec => {
  const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`)
  const command = [join(dirname(manifest), 'dist/index.js'), ...args]
  const env = { MEMORY_FILE_PATH: join(folder, 'memory.json') }
  const reach = { kind: 'stdio', command: process.execPath, args: command, env } as const
  return { name, reach, trusted: true, facts: { readOnly: true, egress: false } }
}

const everything = server('everything', ['stdio'])

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'hand', version: '1' },
  },
}

/** So many calls, then an answer. */
const api = await startFakeMessagesApi((_body, index) =>
  index % (turns + 1) === turns
    ? { content: [{ type: 'text', text: 'Done' }] }
    : {
        content: [
          {
            type: 'tool_use',
            id: `call_${index}`,
            name: 'everything__echo',
            input: { message: 'x' },
          },
        ],
      },
)

const results = new Map<string, Measured[]>()
const note = (label: string, value: Measured): void =>
  void results.set(label, [...(results.get(label) ?? []), value])

const connection = { model, apiKey: 'bench', baseURL: api.url }
const agentOf = (transcript?: string) =>
  openAgent({
    servers: [everything],
    provider: createAnthropicProvider(connection),
    limits: { maxTurns: turns * 2 },
    transcript,
  })

try {
  for (let run = 0; run < runs; run += 1) {
    // A server and a conversation of its own for each way and run.
    const hand = await openHandLoop()
    const [plain, recorded] = [await agentOf(), await agentOf(join(folder, `${run}.jsonl`))]
    const ways: readonly [string, () => Promise<unknown>][] = [
      ['by hand', hand.ask],
      ['agent', () => plain.ask('Go')],
      ['agent with a transcript', () => recorded.ask('Go')],
    ]
    for (const [label, ask] of run % 2 === 0 ? ways : ways.toReversed()) {
      const measured = await measure(ask)
      if (run > 0) note(label, measured)
    }
    await Promise.all([hand.close(), plain.close(), recorded.close()])
  }
  await measureStart()
} finally {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
}
print()

/** Of one turn; the time of the processor holds also where the machine has other things to do. */
async function measure(ask: () => Promise<unknown>): Promise<Measured> {
  const [started, used] = [performance.now(), process.cpuUsage()]
  await ask()
  const { user, system } = process.cpuUsage(used)
  const wall = performance.now() - started
  return { wall: wall / (turns + 1), cpu: (user + system) / 1000 / (turns + 1) }
}

async function measureStart(): Promise<void> {
  const servers = [server('filesystem', [folder]), server('memory', []), everything]
  for (let run = 0; run < 11; run += 1) {
    const alone: number[] = []
    for (const one of servers) alone.push(await timeToOpen([one]))
    note('slowest of three servers, alone', { wall: Math.max(...alone) })
    note('all three together', { wall: await timeToOpen(servers) })
    note('all three together, a handshake by hand', { wall: await timeToShakeHands(servers) })
  }
}

async function timeToOpen(servers: readonly ServerSpec[]): Promise<number> {
  const started = performance.now()
  const agent = await openAgent({ servers, provider: createAnthropicProvider(connection) })
  const ms = performance.now() - started
  await agent.close()
  return ms
}

/** The least there can be: processes, and a first answer of each. */
async function timeToShakeHands(servers: readonly ServerSpec[]): Promise<number> {
  const started = performance.now()
  const children = servers.map(({ reach }) => {
    if (reach.kind !== 'stdio') throw new Error('not over stdio')
    const env = { ...process.env, ...reach.env }
    return spawn(reach.command, [...reach.args], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  })
  await Promise.all(
    children.map((child) => {
      child.stdin.write(`${JSON.stringify(initialize)}\n`)
      return once(child.stdout, 'data')
    }),
  )
  const ms = performance.now() - started
  for (const child of children) child.kill()
  return ms
}

/** The shortest loop there is: no limits, no decisions, no bill, and nothing that goes wrong. */
async function openHandLoop() {
  const { reach } = everything
  if (reach.kind !== 'stdio') throw new Error('not over stdio')
  const mcp = new Client({ name: 'hand', version: '1' })
  await mcp.connect(
    new StdioClientTransport({ command: reach.command, args: [...reach.args], stderr: 'ignore' }),
  )
  const { tools: listed } = await mcp.listTools()
  const tools = listed.map(({ name, description = '', inputSchema }) => ({
    name: `everything__${name}`,
    description,
    input_schema: inputSchema as Anthropic.Tool.InputSchema,
  }))
  const client = new Anthropic({ apiKey: 'bench', baseURL: api.url })
  const ask = async (): Promise<void> => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Go' }]
    for (;;) {
      const body = { model, max_tokens: 16_000, tools, messages }
      const { content, stop_reason } = await client.messages.stream(body).finalMessage()
      messages.push({ role: 'assistant', content })
      if (stop_reason !== 'tool_use') return
      const uses = content.filter((block) => block.type === 'tool_use')
      messages.push({ role: 'user', content: await Promise.all(uses.map(call)) })
    }
  }
  const call = async (use: Anthropic.ToolUseBlock): Promise<Anthropic.ToolResultBlockParam> => {
    const name = use.name.replace('everything__', '')
    const input = use.input as Record<string, unknown>
    const { content } = await mcp.callTool({ name, arguments: input })
    const texts = content.flatMap((part) => (part.type === 'text' ? [part] : []))
    return { type: 'tool_result', tool_use_id: use.id, content: texts }
  }
  return { ask, close: () => mcp.close() }
}

function median(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  return known.toSorted((one, other) => one - other)[Math.floor(known.length / 2)]?.toFixed(2) ?? ''
}

function print(): void {
  const table = new Table({ head: ['medians', 'ms', 'ms of processor time'] })
  for (const [label, values] of results) {
    table.push([
      label,
      median(values.map(({ wall }) => wall)),
      median(values.map(({ cpu }) => cpu)),
    ])
  }
  process.stdout.write(`${table.toString()}\n`)
}
