import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface RotatedFile {
  readonly path: string
  readonly number: number
}

/** `audit.jsonl.1`, `audit.jsonl.2` and so on: the files rotated out of one, the oldest first. */
export async function rotatedFiles(file: string): Promise<RotatedFile[]> {
  const folder = dirname(file)
  const prefix = `${basename(file)}.`
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length)))
    .map((name) => ({ path: join(folder, name), number: Number(name.slice(prefix.length)) }))
    .toSorted((one, other) => one.number - other.number)
}

/**
 * The files as chains, each the oldest file first. A file brings along those that were rotated out of it; one
 * of these alone brings nothing.
 */
export async function toChains(paths: readonly string[]): Promise<string[][]> {
  const chains = new Map<string, Set<string>>()
  for (const path of paths) {
    const base = path.replace(/\.\d{1,9}$/, '')
    const files = chains.get(base) ?? new Set()
    chains.set(base, files)
    if (path === base) for (const rotated of await rotatedFiles(path)) files.add(rotated.path)
    files.add(path)
  }
  return [...chains].map(([base, files]) => [...files].toSorted(byAge(base)))
}

/** The file itself is younger than all that were rotated out of it. */
const byAge = (base: string) => (one: string, other: string) => age(one, base) - age(other, base)

const age = (path: string, base: string): number =>
  path === base ? Number.POSITIVE_INFINITY : Number(path.slice(base.length + 1))
