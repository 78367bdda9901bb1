/** `npm run bench:jobs`: what jobs cost a call that needs none, and how quick each store of them is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { Command } from 'commander'
import { makeDatabase } from './database.ts'
import { gateMicroseconds } from './job-gate.ts'
import { type JobPlace, jobPlaces } from './job-places.ts'
import { jobsPerSecond, pollTimes } from './job-stores.ts'
import { StdioClient } from './stdio-client.ts'

const options = new Command('bench:jobs')
  .option('--runs <n>', 'how often each is measured', '5')
  .option('--json', 'print JSON')
  .parse()
  .opts<{ runs: string; json?: boolean }>()

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const say = (text: string): void => void process.stderr.write(`${text}\n`)
/** About a millisecond. */
const statement = 'SELECT count(*) FROM orders WHERE id < 12000'
const warmUp = 200
const callsOfEach = 1000

const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
const places = await jobPlaces(say)
const figures = new Map<string, number[]>()
try {
  makeDatabase(join(folder, 'orders.db'))
  for (let run = 1; run <= Number(options.runs); run++) {
    say(`run ${run} of ${options.runs}`)
    note('the gate of jobs alone, µs a call', await gateMicroseconds())
    await compareCalls()
    for (const place of places) await measureStore(place)
  }
} finally {
  for (const { drop } of places) await drop()
  rmSync(folder, { recursive: true, force: true })
}
print()

/** Two servers that differ in nothing else, asked by turns, so that whatever disturbs one disturbs both. */
async function compareCalls(): Promise<void> {
  const [without, with_] = [await startServer('0s'), await startServer('5m')]
  try {
    const times: [number[], number[]] = [[], []]
    const differences: number[] = []
    for (let call = 0; call < warmUp + callsOfEach; call++) {
      // Each is the first of the two as often as the other.
      for (const index of call % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const began = performance.now()
        await ask(index === 0 ? without : with_)
        if (call >= warmUp) times[index].push(performance.now() - began)
      }
      differences.push((times[1].at(-1) ?? 0) - (times[0].at(-1) ?? 0))
    }
    const [plain, budgeted] = [median(times[0]), median(times[1])]
    note('one call without jobs, p50, ms', plain)
    note('the same with jobs, p50, ms', budgeted)
    note('what jobs cost it, by pairs, %', (median(differences.slice(warmUp)) / plain) * 100)
  } finally {
    for (const server of [without, with_]) server.close()
  }
}

async function startServer(job: string): Promise<StdioClient> {
  const config = join(folder, `jobs-${job}.yaml`)
  writeFileSync(
    config,
    `sources: { shop: { url: 'sqlite:./orders.db', limits: { job_timeout: ${job} } } }
jobs: { store: 'sqlite:./jobs.db' }
`,
  )
  const client = new StdioClient({ command: process.execPath, args: [main, 'serve', config] })
  await client.initialize()
  return client
}

async function ask(client: StdioClient): Promise<void> {
  const params = { name: 'query_database', arguments: { query: statement } }
  const line = await client.request('tools/call', params)
  if (!line.includes('11999')) throw new Error(line.slice(0, 300))
}

async function measureStore(place: JobPlace): Promise<void> {
  const { name } = place
  note(`${name}: jobs/s, one process`, await jobsPerSecond(place))
  const { p50, p99 } = await pollTimes(place, folder)
  note(`${name}: get_job_status over HTTP, p50, ms`, p50)
  note(`${name}: get_job_status over HTTP, p99, ms`, p99)
}

function note(figure: string, value: number): void {
  figures.set(figure, [...(figures.get(figure) ?? []), value])
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function print(): void {
  const medians = [...figures].map(([figure, values]) => [figure, median(values)] as const)
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(medians))}\n`)
    return
  }
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] })
  for (const [figure, value] of medians)
    table.push([figure, Math.abs(value) < 100 ? value.toFixed(2) : Math.round(value)])
  process.stdout.write(`Medians of ${options.runs} runs.\n${table.toString()}\n`)
}
