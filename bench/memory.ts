import { readdirSync, readFileSync } from 'node:fs'

/**
 * Of the process and all below it, pages that several share counted once among them (the proportional
 * set size of proc(5)).
 */
export const residentMegabytes = (pid: number): number =>
  processesBelow(pid).reduce((sum, one) => sum + proportionalKilobytes(one) / 1024, 0)

/** The process itself and those that it, or one of those, started. */
export function processesBelow(pid: number): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  const parents = new Map(pids.map((one) => [one, parentOf(one)]))
  const isBelow = (one: number | undefined): boolean =>
    one === pid || (one !== undefined && one > 1 && isBelow(parents.get(one)))
  return pids.filter(isBelow)
}

const parentOf = (pid: number): number => fieldOf(`${pid}/status`, 'PPid')

const proportionalKilobytes = (pid: number): number => fieldOf(`${pid}/smaps_rollup`, 'Pss')

function fieldOf(file: string, field: string): number {
  try {
    const status = readFileSync(`/proc/${file}`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}
