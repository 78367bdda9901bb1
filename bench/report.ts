import { cpus } from 'node:os'
import { readFileSync, writeFileSync } from 'node:fs'
import Table from 'cli-table3'
import { reference } from './servers.ts'

/** Name of the figure → name of the server → values of all runs. */
export type Results = Map<string, Map<string, number[]>>

export interface Figure {
  readonly figure: string
  readonly medians: Readonly<Record<string, number>>
  /** To the bare SDK server. */
  readonly ratios: Readonly<Record<string, number>>
}

export const toFigures = (results: Results): Figure[] =>
  [...results].map(([figure, servers]) => {
    const medians = Object.fromEntries([...servers].map(([name, values]) => [name, median(values)]))
    const base = medians[reference] ?? Number.NaN
    const ratios = Object.fromEntries(
      Object.entries(medians).map(([name, value]) => [name, value / base]),
    )
    return { figure, medians, ratios }
  })

export function toTable(figures: readonly Figure[]): string {
  const names = [...new Set(figures.flatMap(({ medians }) => Object.keys(medians)))]
  const table = new Table({
    head: ['', ...names],
    style: { head: [], border: [] },
    colAligns: ['left'],
  })
  for (const row of toRows(figures, names)) table.push(row)
  return table.toString()
}

/** The same as Markdown, with the day and the machine, between the marks of a page. */
export function writeInto(page: string, figures: readonly Figure[], mark: string): void {
  const names = [...new Set(figures.flatMap(({ medians }) => Object.keys(medians)))]
  const lines = [['', ...names], names.concat('').map(() => '---'), ...toRows(figures, names)]
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform}, ${cpus().length} cores.`
  const text = `<!-- ${mark} -->\n${where} Medians; in parentheses the ratio to the bare SDK server.\n\n${table}\n<!-- /${mark} -->`
  const before = readFileSync(page, 'utf8')
  writeFileSync(
    page,
    before.replace(new RegExp(`<!-- ${mark} -->[\\s\\S]*<!-- /${mark} -->`), () => text),
  )
}

const toRows = (figures: readonly Figure[], names: readonly string[]): string[][] =>
  figures.map(({ figure, medians, ratios }) => [
    figure,
    ...names.map((name) => cell(medians[name], ratios[name])),
  ])

const cell = (value: number | undefined, ratio: number | undefined): string =>
  value === undefined ? '–' : `${round(value)} (${(ratio ?? Number.NaN).toFixed(2)})`

const round = (value: number): string =>
  value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
