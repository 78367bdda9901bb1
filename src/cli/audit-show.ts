import { createReadStream, existsSync } from 'node:fs'
import { AppError } from '../base/error.ts'
import { type Entry, openLine } from '../edge/audit/chain.ts'
import { readLines } from '../edge/audit/read-lines.ts'
import { toChains } from '../edge/audit/rotated-files.ts'
import { formatTable } from './table.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface AuditShowOptions {
  readonly files: readonly string[]
  readonly actor?: string
  readonly tool?: string
  readonly refused?: boolean
  readonly since?: string
  readonly last: string
  readonly json?: boolean
}

/** `vitrine audit show`: the last lines that were asked for, of one record or of several processes' together. */
export async function auditShow(options: AuditShowOptions, terminal: Terminal): Promise<number> {
  const { files, since, json = false } = options
  const missing = files.find((file) => !existsSync(file))
  if (missing !== undefined) throw noFile(missing)
  const most = toCount(options.last)
  const from = since === undefined ? '' : toTime(since, Date.now())
  const found: Entry[] = []
  for (const chain of await toChains(files)) {
    const meant = (entry: Entry): boolean => timeOf(entry) >= from && isMeant(entry, options)
    found.push(...(await lastOf(chain, { most, meant })))
  }
  const shown = found
    .toSorted((one, other) => timeOf(one).localeCompare(timeOf(other)))
    .slice(-most)
  terminal.print(json ? JSON.stringify(shown) : toTable(shown, terminal))
  return exitCode.done
}

async function lastOf(
  chain: readonly string[],
  { most, meant }: { most: number; meant: (entry: Entry) => boolean },
): Promise<Entry[]> {
  const last: Entry[] = []
  for (const path of chain) {
    for await (const { bytes } of readLines(createReadStream(path))) {
      const entry = openLine(bytes, undefined)?.entry
      if (entry === undefined || !meant(entry)) continue
      last.push(entry)
      if (last.length > most) last.shift()
    }
  }
  return last
}

const timeOf = (entry: Entry): string => String(entry['ts'])

const noFile = (file: string): AppError =>
  new AppError('invalid_input', `There is no file ${file}.`, {
    hint: 'Name the file of audit.file in the config.',
  })

const mostShown = 100_000

function toCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= mostShown) return count
  throw new AppError('invalid_input', `--last takes a number from 1 to ${mostShown}.`)
}

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** As the lines write it. */
function toTime(since: string, now: number): string {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(since) ?? []
  const time = amount === undefined ? Date.parse(since) : now - Number(amount) * (unitMs[unit] ?? 0)
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  throw new AppError('invalid_input', `"${since}" is no time.`, {
    hint: 'Write a time such as 2026-11-25T14:00Z, or how long ago: 30m, 24h, 7d.',
  })
}

const isMeant = (entry: Entry, { actor, tool, refused }: AuditShowOptions): boolean =>
  (actor === undefined || entry['actor'] === actor) &&
  (tool === undefined || entry['tool'] === tool) &&
  (refused !== true || entry['decision'] === 'refused')

const columns = [
  { name: 'time (UTC)', of: 'ts' },
  { name: 'actor', of: 'actor' },
  { name: 'tool', of: 'tool' },
  { name: 'source', of: 'source' },
  { name: 'decision', of: 'decision' },
  { name: 'reason', of: 'reason' },
  { name: 'rows', of: 'rows', type: 'integer' },
  { name: 'ms', of: 'ms', type: 'real' },
]

function toTable(entries: readonly Entry[], terminal: Terminal): string {
  const rows = entries.map((entry) => columns.map(({ of }) => toCell(entry, of)))
  return formatTable(columns, rows, terminal)
}

function toCell(entry: Entry, name: string): string | number | boolean {
  // Month to second: a whole time is cut in a narrow terminal, and --json has it.
  if (name === 'ts') return timeOf(entry).slice(5, 19).replace('T', ' ')
  if (name === 'tool' && entry['event'] === 'job') return `${entry['tool']}, end of job`
  // A line about the record itself says so where others say what was decided.
  return entry[name] ?? (name === 'decision' ? entry['event'] : undefined) ?? ''
}
