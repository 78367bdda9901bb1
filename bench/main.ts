/** `npm run bench`: every server on the same database, in turns, medians and ratios. */
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { makePostgres, makeSqlite } from './database.ts'
import { type Measure, measures } from './measures.ts'
import { type Results, toFigures, toTable, writeInto } from './report.ts'
import { type Contender, contenders } from './servers.ts'

interface Options {
  readonly runs: string
  readonly only?: string
  readonly postgres?: boolean
  readonly json?: boolean
  readonly write?: boolean
}

const options = new Command('bench')
  .option('--runs <n>', 'how often each is measured', '5')
  .option('--only <ids>', `some of ${measures.map(({ id }) => id).join(',')}`)
  .option('--postgres', 'on the PostgreSQL of this machine, in place of SQLite')
  .option('--json', 'print JSON')
  .option('--write', 'write the table into docs/benchmarks.md')
  .parse()
  .opts<Options>()

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const made = options.postgres === true ? await makePostgres() : makeSqlite()

try {
  const wanted = measures.filter(({ id }) => options.only?.split(',').includes(id) ?? true)
  const results = await measureAll(wanted, contenders(say), made.url)
  const figures = toFigures(results)
  process.stdout.write(`${options.json === true ? JSON.stringify(figures) : toTable(figures)}\n`)
  if (options.write === true) {
    writeInto(
      fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)),
      figures,
      options.postgres === true ? 'figures, PostgreSQL' : 'figures',
    )
  }
} finally {
  await made.drop()
}

/** In turns, A B C D A B C D, so that a noisy minute falls on all of them. */
async function measureAll(
  wanted: readonly Measure[],
  servers: readonly Contender[],
  database: string,
): Promise<Results> {
  const results: Results = new Map()
  for (const measure of wanted) {
    for (let run = 1; run <= Number(options.runs); run++) {
      say(`${measure.id}, run ${run} of ${options.runs}`)
      for (const server of servers)
        await record(server, await attempt(measure, server, database), results)
    }
  }
  return results
}

async function attempt(
  measure: Measure,
  server: Contender,
  database: string,
): Promise<Readonly<Record<string, number>>> {
  try {
    return await measure.run(server, database)
  } catch (error) {
    say(
      `${server.name} failed at ${measure.id}: ${error instanceof Error ? error.message : String(error)}`,
    )
    process.exitCode = 1
    return {}
  }
}

async function record(
  { name }: Contender,
  values: Readonly<Record<string, number>>,
  results: Results,
): Promise<void> {
  for (const [figure, value] of Object.entries(values)) {
    const servers = results.get(figure) ?? new Map<string, number[]>()
    servers.set(name, [...(servers.get(name) ?? []), value])
    results.set(figure, servers)
  }
}
