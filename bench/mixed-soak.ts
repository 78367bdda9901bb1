/**
 * `npm run bench:mixed`: both transports, all engines, jobs, cancels, reloads, a database that goes away and comes back,
 * for half an hour. What must not grow is looked at all along.
 */
import { spawn } from 'node:child_process'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { Command } from 'commander'
import { freePort } from './http-session.ts'
import { askOverHttp, askOverStdio, keepAsking, type Outcomes } from './mixed-clients.ts'
import { gauge, type Sample, slopePerMinute, toSvg } from './mixed-gauge.ts'
import { makeWorld } from './mixed-world.ts'
import { StdioClient } from './stdio-client.ts'

const options = new Command('bench:mixed')
  .option('--minutes <n>', 'how long', '30')
  .option('--clients <n>', 'of each transport', '6')
  .option('--graph <file>', 'where to draw it, as SVG')
  .option('--json', 'print JSON')
  .parse()
  .opts<{ minutes: string; clients: string; graph?: string; json?: boolean }>()

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const [everyMs, reloadMs, cutEveryMs, cutForMs] = [10_000, 20_000, 120_000, 10_000]

const world = await makeWorld(say)
const log = createWriteStream(join(world.folder, 'server.log'))
const port = await freePort()
const server = spawn(
  process.execPath,
  [main, 'serve', world.config, '--http', `127.0.0.1:${port}`],
  {
    stdio: ['ignore', 'ignore', 'pipe'],
  },
)
server.stderr.pipe(log)
const client = new StdioClient({ command: process.execPath, args: [main, 'serve', world.config] })
const outcomes: Outcomes = new Map()
const samples: Sample[] = []
try {
  await client.initialize()
  await isReady(`http://127.0.0.1:${port}/readyz`)
  const ended = AbortSignal.timeout(Number(options.minutes) * 60_000)
  const asks = Array.from({ length: Number(options.clients) }, () => [
    askOverHttp(`http://127.0.0.1:${port}/mcp`),
    askOverStdio(client),
  ]).flat()
  await Promise.all([
    ...asks.map((ask) => keepAsking(world, ask, { outcomes, ended })),
    every(reloadMs, ended, async () => world.edit()),
    every(cutEveryMs, ended, async () => {
      world.cut(true)
      await pause(cutForMs)
      world.cut(false)
    }),
    every(everyMs, ended, sample),
  ])
  print()
} finally {
  client.close()
  server.kill('SIGTERM')
  await world.close()
}

async function sample(): Promise<void> {
  const pids = { 'over HTTP': server.pid ?? 0, 'over stdio': client.pid }
  const figures = { ...gauge(pids), 'database connections': await world.connections() }
  samples.push({ seconds: (samples.length + 1) * (everyMs / 1000), figures })
  if (samples.length % 6 === 0) say(`${samples.length / 6} min: ${JSON.stringify(figures)}`)
}

async function every(ms: number, ended: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    await pause(ms, undefined, { signal: ended }).catch(() => undefined)
    if (!ended.aborted) await work()
  }
}

async function isReady(url: string): Promise<void> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere) return
    await pause(100)
  }
  throw new Error('The server over HTTP did not get ready.')
}

function print(): void {
  const names = Object.keys(samples[0]?.figures ?? {})
  const valuesOf = (name: string): number[] => samples.map(({ figures }) => figures[name] ?? 0)
  const rows = names.map((name) => {
    const values = valuesOf(name)
    const slope = slopePerMinute(values, everyMs)
    return { name, first: values[0], most: Math.max(...values), last: values.at(-1), slope }
  })
  const counted = [...outcomes].toSorted(([one], [other]) => one.localeCompare(other))
  if (options.graph !== undefined) writeFileSync(options.graph, toSvg(samples))
  if (options.json === true) {
    const json = { figures: rows, outcomes: Object.fromEntries(counted) }
    process.stdout.write(`${JSON.stringify(json)}\n`)
    return
  }
  const lines = rows.map(({ slope, ...row }) => [...Object.values(row), slope.toFixed(2)])
  const head = ['', 'first', 'most', 'last', 'a minute, in the second half']
  process.stdout.write(`${toTable(head, lines)}\n${toTable(['answers', ''], counted)}\n`)
}

function toTable(head: readonly string[], lines: readonly (readonly unknown[])[]): string {
  const made = new Table({ head: [...head], style: { head: [], border: [] } })
  for (const line of lines) made.push(line.map(String))
  return made.toString()
}
