/** `npm run bench:http`: every server over HTTP on the same database, in turns, medians and ratios. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { fiftyRows, makeDatabase, oneRow } from './database.ts'
import type { Load, Loaded } from './http-load.ts'
import { type HttpContender, httpContenders } from './http-servers.ts'
import { type Results, toFigures, toTable, writeInto } from './report.ts'

const options = new Command('bench:http')
  .option('--runs <n>', 'how often each is measured', '3')
  .option('--connections <n>', 'connections that ask at a time', '16')
  .option('--seconds <n>', 'how long each is asked', '5')
  .option('--only <names>', 'servers whose names contain one of these, with commas between them')
  .option('--json', 'print JSON')
  .option('--write', 'write the table into docs/benchmarks.md')
  .parse()
  .opts<
    Record<'runs' | 'connections' | 'seconds', string> & {
      only?: string
      json?: boolean
      write?: boolean
    }
  >()

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const run = promisify(execFile)
const startMs = 20_000
const questions = { 'one row': oneRow(7), '50 rows': fiftyRows }
const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))

try {
  const database = join(folder, 'orders.db')
  makeDatabase(database)
  const wanted = options.only?.split(',') ?? ['']
  const servers = httpContenders(folder, say).filter(({ name }) =>
    wanted.some((part) => name.includes(part)),
  )
  const results: Results = new Map()
  for (let round = 1; round <= Number(options.runs); round++) {
    for (const server of servers) {
      say(`${server.name}, run ${round} of ${options.runs}`)
      await measure(server, database, results)
    }
  }
  const figures = toFigures(results)
  process.stdout.write(`${options.json === true ? JSON.stringify(figures) : toTable(figures)}\n`)
  if (options.write === true)
    writeInto(fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)), figures, 'http')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(server: HttpContender, database: string, results: Results): Promise<void> {
  const port = await freePort()
  const { command, args, env } = server.start(database, port)
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } })
  try {
    const url = `http://127.0.0.1:${port}/mcp`
    const headers = await handshake(url, server)
    for (const [title, statement] of Object.entries(questions)) {
      const call = { name: server.tool, arguments: { [server.argument]: statement } }
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })
      const connections = Number(options.connections)
      await generate({ url, connections, seconds: 1, headers, body })
      const loaded = await generate({
        url,
        connections,
        seconds: Number(options.seconds),
        headers,
        body,
      })
      if (loaded.failures > 0) say(`${server.name}: ${loaded.failures} calls failed`)
      keep(results, server.name, {
        [`${title}, calls/s over HTTP`]: loaded.callsPerSecond,
        [`${title}, p50, ms`]: loaded.p50,
        [`${title}, p99, ms`]: loaded.p99,
      })
    }
  } catch (error) {
    say(`${server.name} failed: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** Waits until it answers; gives the headers of a call, with the session of servers that keep one. */
async function handshake(url: string, server: HttpContender): Promise<Record<string, string>> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
    ...server.headers?.(),
  }
  const clientInfo = { name: 'bench', version: '1' }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
  const deadline = performance.now() + startMs
  for (;;) {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body })
      const session = answer.headers.get('mcp-session-id')
      await answer.text()
      if (answer.ok)
        return { ...headers, ...(session === null ? {} : { 'mcp-session-id': session }) }
    } catch {
      // Not there yet.
    }
    if (performance.now() > deadline) throw new Error(`it did not answer within ${startMs} ms`)
    await pause(50)
  }
}

async function generate(load: Load): Promise<Loaded> {
  const file = fileURLToPath(new URL('http-load.js', import.meta.url))
  const { stdout } = await run(process.execPath, [file, JSON.stringify(load)])
  return JSON.parse(stdout) as Loaded
}

function keep(results: Results, name: string, values: Readonly<Record<string, number>>): void {
  for (const [figure, value] of Object.entries(values)) {
    const servers = results.get(figure) ?? new Map<string, number[]>()
    servers.set(name, [...(servers.get(name) ?? []), value])
    results.set(figure, servers)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
