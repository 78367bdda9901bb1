/** `npm run bench:http`: every server over HTTP on the same database, in turns, medians and ratios. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { fiftyRows, makePostgres, makeSqlite, oneRow } from './database.ts'
import { freePort, generate, handshake } from './http-session.ts'
import { type HttpContender, httpContenders } from './http-servers.ts'
import { type Results, toFigures, toTable, writeInto } from './report.ts'

const options = new Command('bench:http')
  .option('--runs <n>', 'how often each is measured', '3')
  .option('--connections <n>', 'connections that ask at a time', '16')
  .option('--seconds <n>', 'how long each is asked', '5')
  .option('--only <names>', 'servers whose names contain one of these, with commas between them')
  .option('--postgres', 'on the PostgreSQL of this machine, in place of SQLite')
  .option('--json', 'print JSON')
  .option('--write', 'write the table into docs/benchmarks.md')
  .parse()
  .opts<
    Record<'runs' | 'connections' | 'seconds', string> & {
      only?: string
      postgres?: boolean
      json?: boolean
      write?: boolean
    }
  >()

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const questions = { 'one row': oneRow(7), '50 rows': fiftyRows }
const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
const made = options.postgres === true ? await makePostgres() : makeSqlite()

try {
  const servers = httpContenders(options.only?.split(',') ?? [''], folder, say)
  const results: Results = new Map()
  for (let round = 1; round <= Number(options.runs); round++) {
    for (const server of servers) {
      say(`${server.name}, run ${round} of ${options.runs}`)
      await measure(server, made.url, results)
    }
  }
  const figures = toFigures(results)
  process.stdout.write(`${options.json === true ? JSON.stringify(figures) : toTable(figures)}\n`)
  if (options.write === true)
    writeInto(
      fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)),
      figures,
      options.postgres === true ? 'http, PostgreSQL' : 'http',
    )
} finally {
  await made.drop()
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

function keep(results: Results, name: string, values: Readonly<Record<string, number>>): void {
  for (const [figure, value] of Object.entries(values)) {
    const servers = results.get(figure) ?? new Map<string, number[]>()
    servers.set(name, [...(servers.get(name) ?? []), value])
    results.set(figure, servers)
  }
}
