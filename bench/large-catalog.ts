/** `npm run bench:catalog`: a database of 5,000 tables and 100,000 columns, as a client meets it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import Table from 'cli-table3'
import { residentMegabytes } from './memory.ts'
import { ownPostgres } from './postgres.ts'
import { StdioClient } from './stdio-client.ts'

const tables = 5000
const columnsOfEach = 20
const runs = 5
const charactersPerToken = 4

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

interface Engine {
  readonly name: string
  readonly url: string
  readonly drop: () => Promise<void>
}

const results = new Map<string, Map<string, number[]>>()
const engines = [await makeSqlite(), await makePostgres()].filter((one) => one !== undefined)
try {
  for (let run = 1; run <= runs; run++) {
    for (const engine of engines) {
      process.stderr.write(`${engine.name}, run ${run} of ${runs}\n`)
      await measure(engine)
    }
  }
} finally {
  for (const { drop } of engines) await drop()
}
print()

async function measure({ name, url }: Engine): Promise<void> {
  const client = new StdioClient({ command: process.execPath, args: [main, 'serve', url] })
  const ask = async (label: string, input: object): Promise<string> => {
    const started = performance.now()
    const params = { name: 'get_schema', arguments: input }
    const line = await client.request('tools/call', params)
    if (line.includes('"isError":true')) throw new Error(line.slice(0, 300))
    note(name, `${label}, ms`, performance.now() - started)
    return line
  }
  try {
    await client.initialize()
    const overview = await ask('first overview', {})
    await ask('second overview', {})
    await ask('search', { search: 'customer email' })
    await ask('one table', { table_name: 'table_4321' })
    const { result } = JSON.parse(overview) as { result: { content: { text: string }[] } }
    note(name, 'overview, tokens', (result.content[0]?.text.length ?? 0) / charactersPerToken)
    if (process.platform === 'linux')
      note(name, 'memory after that, MB', residentMegabytes(client.pid))
  } finally {
    client.close()
  }
}

function note(engine: string, figure: string, value: number): void {
  const figures = results.get(figure) ?? new Map<string, number[]>()
  figures.set(engine, [...(figures.get(engine) ?? []), value])
  results.set(figure, figures)
}

function print(): void {
  const names = engines.map(({ name }) => name)
  const table = new Table({ head: ['', ...names], style: { head: [], border: [] } })
  for (const [figure, values] of results) {
    table.push([figure, ...names.map((name) => String(Math.round(median(values.get(name) ?? []))))])
  }
  process.stdout.write(
    `${tables} tables of ${columnsOfEach} columns; medians of ${runs} runs.\n${table.toString()}\n`,
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Every hundredth table has a column that the search looks for; each refers to the one before. */
function* statements(): Generator<string> {
  for (let table = 0; table < tables; table++) {
    const columns = Array.from({ length: columnsOfEach - 2 }, (_, index) => {
      const name = table % 100 === 0 && index === 7 ? 'customer_email' : `measure_${index}`
      return `${name} ${index % 2 === 0 ? 'varchar(100)' : 'integer'}`
    })
    const parent = table === 0 ? '' : ` REFERENCES table_${table - 1}(id)`
    yield `CREATE TABLE table_${table} (id integer PRIMARY KEY, parent integer${parent}, ${columns.join(', ')});`
  }
}

async function makeSqlite(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
  const path = join(folder, 'large.db')
  const database = new DatabaseSync(path)
  database.exec(`BEGIN; ${[...statements()].join('\n')} COMMIT;`)
  database.close()
  return {
    name: 'SQLite',
    url: `sqlite:${path}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Undefined where no server answers on the standard port. */
async function makePostgres(): Promise<Engine | undefined> {
  const made = await ownPostgres(`vitrine_bench_${process.pid}`, [...statements()])
  if (made === undefined)
    process.stderr.write('No PostgreSQL answers here: SQLite alone is measured.\n')
  return made && { name: 'PostgreSQL', ...made }
}
