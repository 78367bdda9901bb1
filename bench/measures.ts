import { setTimeout as pause } from 'node:timers/promises'
import { fiftyRows, oneRow } from './database.ts'
import { residentMegabytes } from './memory.ts'
import type { Contender } from './servers.ts'
import { StdioClient } from './stdio-client.ts'

/** One question we want a number for; a run gives one value for each row of the table. */
export interface Measure {
  readonly id: string
  run(contender: Contender, database: string): Promise<Readonly<Record<string, number>>>
}

/** Characters to a token: near enough for JSON, and the same for all. */
const charactersPerToken = 4
const warmUp = 200
const sequential = 1000
const inFlight = 16
const concurrent = 2000

const startUp: Measure = {
  id: 'start',
  run: async (contender, database) => {
    const started = performance.now()
    const client = new StdioClient(contender.start(database))
    try {
      await client.initialize()
      await client.request('tools/list', {})
      return { 'start to first tool list, ms': performance.now() - started }
    } finally {
      client.close()
    }
  },
}

const latency: Measure = {
  id: 'latency',
  run: (contender, database) =>
    withClient(contender, database, async (ask) => {
      for (let id = 1; id <= warmUp; id++) await ask(oneRow(id))
      const times: number[] = []
      for (let id = 1; id <= sequential; id++) {
        const started = performance.now()
        await ask(oneRow(id))
        times.push(performance.now() - started)
      }
      times.sort((one, other) => one - other)
      return { 'one row, p50, ms': at(times, 0.5), 'one row, p99, ms': at(times, 0.99) }
    }),
}

const throughput: Measure = {
  id: 'throughput',
  run: (contender, database) =>
    withClient(contender, database, async (ask) => ({
      'one row, calls/s, 16 in flight': await callsPerSecond((id) => ask(oneRow(id))),
      '50 rows, calls/s, 16 in flight': await callsPerSecond(() => ask(fiftyRows)),
    })),
}

const answerSize: Measure = {
  id: 'size',
  run: (contender, database) =>
    withClient(contender, database, async (ask, client) => {
      const answer = JSON.parse(await ask(fiftyRows)) as { result: { content: { text: string }[] } }
      const text = answer.result.content.map((block) => block.text).join('')
      const listed = JSON.parse(await client.request('tools/list', {})) as {
        result: { tools: ListedTool[] }
      }
      const tools = listed.result.tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      }))
      return {
        'answer of 50 rows × 6 columns, tokens': Math.round(text.length / charactersPerToken),
        'tool list, tokens': Math.round(JSON.stringify(tools).length / charactersPerToken),
      }
    }),
}

interface ListedTool {
  readonly name: string
  readonly description?: string
  readonly inputSchema: object
}

const memory: Measure = {
  id: 'memory',
  run: async (contender, database): Promise<Record<string, number>> => {
    if (process.platform !== 'linux') return {}
    return withClient(contender, database, async (ask, client) => {
      await ask(oneRow(1))
      await pause(1500)
      return { 'memory when idle, MB': residentMegabytes(client.pid) }
    })
  },
}

export const measures: readonly Measure[] = [startUp, latency, throughput, answerSize, memory]

type Ask = (statement: string) => Promise<string>

async function withClient<T>(
  contender: Contender,
  database: string,
  work: (ask: Ask, client: StdioClient) => Promise<T>,
): Promise<T> {
  const client = new StdioClient(contender.start(database))
  const ask: Ask = async (statement) => {
    const params = { name: contender.tool, arguments: { [contender.argument]: statement } }
    const line = await client.request('tools/call', params)
    if (!line.includes('"result"') || line.includes('"isError":true'))
      throw new Error(line.slice(0, 300))
    return line
  }
  try {
    await client.initialize()
    return await work(ask, client)
  } finally {
    client.close()
  }
}

async function callsPerSecond(call: (id: number) => Promise<unknown>): Promise<number> {
  for (let id = 1; id <= warmUp; id++) await call(id)
  let next = 0
  const started = performance.now()
  const caller = async (): Promise<void> => {
    while (next < concurrent) await call((next += 1))
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return concurrent / ((performance.now() - started) / 1000)
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
