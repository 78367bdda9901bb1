/** `npm run bench:soak`: many clients for minutes, with auth, limits and audit: failures, latency, memory. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Table from 'cli-table3'
import { Command } from 'commander'
import { makeDatabase, oneRow } from './database.ts'
import { freePort, generate, handshake } from './http-session.ts'
import { guardedVitrine } from './http-servers.ts'
import { residentMegabytes } from './memory.ts'
import { slopePerMinute } from './mixed-gauge.ts'

const options = new Command('bench:soak')
  .option('--clients <n>', 'clients at a time', '1000')
  .option('--minutes <n>', 'how long', '5')
  .option('--think <ms>', 'milliseconds between a client’s answer and its next question', '1000')
  .option('--json', 'print JSON')
  .parse()
  .opts<Record<'clients' | 'minutes' | 'think', string> & { json?: boolean }>()

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const everyMs = 10_000
const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
const database = join(folder, 'orders.db')
makeDatabase(database)
const server = guardedVitrine(folder)
const port = await freePort()
const { command, args } = server.start(`sqlite:${database}`, port)
const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
const memory: number[] = []
const sample = (): void => {
  memory.push(Math.round(residentMegabytes(child.pid ?? 0)))
  say(`${memory.length * (everyMs / 1000)} s: ${memory.at(-1)} MB`)
}
const timer = setInterval(sample, everyMs)
try {
  const url = `http://127.0.0.1:${port}/mcp`
  const headers = await handshake(url, server)
  const call = { name: server.tool, arguments: { [server.argument]: oneRow(7) } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })
  const loaded = await generate({
    url,
    connections: Number(options.clients),
    seconds: Number(options.minutes) * 60,
    thinkMs: Number(options.think),
    headers,
    body,
  })
  sample()
  const result = { ...loaded, slope: slopePerMinute(memory, everyMs), memory }
  process.stdout.write(options.json === true ? JSON.stringify(result) : `${toTable(result)}\n`)
  if (loaded.failures > 0) process.exitCode = 1
} finally {
  clearInterval(timer)
  child.kill('SIGKILL')
  await once(child, 'exit')
  rmSync(folder, { recursive: true, force: true })
}

interface Soaked {
  readonly calls: number
  readonly callsPerSecond: number
  readonly failures: number
  readonly p50: number
  readonly p99: number
  readonly slope: number
  readonly memory: readonly number[]
}

function toTable({
  calls,
  callsPerSecond,
  failures,
  p50,
  p99,
  slope,
  memory: seen,
}: Soaked): string {
  const table = new Table({ style: { head: [], border: [] } })
  table.push(
    ['clients', options.clients],
    ['calls', calls.toLocaleString('en')],
    ['calls/s', Math.round(callsPerSecond)],
    ['failed', failures],
    ['p50, ms', p50.toFixed(1)],
    ['p99, ms', p99.toFixed(1)],
    ['memory, MB', `${seen[0]} first, ${Math.max(...seen)} most, ${seen.at(-1)} last`],
    ['memory in the second half, MB a minute', slope.toFixed(2)],
  )
  return table.toString()
}
