import { readdirSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { mayWrite } from '../../base/may-write.ts'
import type { Finding } from '../source.ts'
import type { DataFile, Layout } from './files/layout.ts'
import { listFiles } from './files/list-files.ts'
import type { Place } from './place.ts'

export interface Facts {
  readonly engine: string
  readonly layout: Layout | undefined
}

/** What a person should know of this database or of these files, worst last. */
export function toFindings(place: Place, { engine, layout }: Facts): readonly Finding[] {
  const found =
    place.kind === 'database'
      ? [engineOn(engine, place.path), role(place.path), log(place.path), lock(), limits()]
      : [filesOf(engine, layout), role(place.root), ...ofFiles(place, layout), limits()]
  return found.flatMap((finding) => finding ?? [])
}

const engineOn = (engine: string, path: string): Finding => ({
  level: 'ok',
  message: `${engine}, ${sizeOf(statSync(path).size)}`,
})

const filesOf = (engine: string, layout: Layout | undefined): Finding => ({
  level: 'ok',
  message: `${engine} over ${layout?.files.length ?? 0} data files, each a table`,
})

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

/** The role of an embedded database is what the file system lets this user do. */
function role(path: string): Finding {
  if (!mayWrite(path)) return { level: 'ok', message: 'This user may read it and not write it.' }
  return {
    level: 'warning',
    message: `This user may write ${path}. Vitrine only reads it all the same.`,
    remedy: `For a second lock run Vitrine as another user, or: chmod a-w '${path}'`,
  }
}

function log(path: string): Finding | undefined {
  if (statSync(`${path}.wal`, { throwIfNoEntry: false }) === undefined) return undefined
  return {
    level: 'warning',
    message:
      'A write-ahead log (.wal) lies beside it: it is read again before each first question.',
    remedy: 'Run CHECKPOINT with the program that writes to the database.',
  }
}

const lock = (): Finding => ({
  level: 'ok',
  message:
    'DuckDB lets no one read while another process writes; the file is let go after a second.',
})

function ofFiles(place: Extract<Place, { kind: 'files' }>, layout: Layout | undefined): Finding[] {
  const files = layout?.files ?? []
  const { strays } = listFiles(place.root, place.pattern)
  return [
    ...files.flatMap(noteOf),
    ...strays.map((file): Finding => ({
      level: 'warning',
      message: `${file} is a link that leads out of the folder and is not shown.`,
      remedy: 'Name the folder it leads to as a source of its own.',
    })),
    ...sheetsIn(place.root).map((file): Finding => ({
      level: 'warning',
      message: `${file} is a workbook and is not shown.`,
      remedy: 'Save its sheets as CSV.',
    })),
    ...(files.length === 0 ? [nothing()] : files.flatMap(flawOf)),
  ]
}

const noteOf = ({ file, table, note }: DataFile): Finding[] =>
  note === undefined ? [] : [{ level: 'warning', message: `${file} (${table}): ${note}.` }]

const flawOf = ({ file, flaw }: DataFile): Finding[] =>
  flaw === undefined
    ? []
    : [
        {
          level: 'problem',
          message: `${file} is not shown: ${flaw.replace(/\.$/, '')}.`,
          remedy: 'Mend the file or take it out; the other tables are served meanwhile.',
        },
      ]

const nothing = (): Finding => ({
  level: 'problem',
  message: 'No data file is there: .csv, .tsv, .json, .jsonl, .ndjson or .parquet.',
})

const sheetsIn = (root: string): string[] =>
  readdirSync(root)
    .filter((name) => /\.xlsx?$/i.test(name) && statSync(join(root, name)).isFile())
    .slice(0, 20)

function limits(): Finding {
  if (platform() !== 'win32') {
    return {
      level: 'ok',
      message: 'Time and memory of a statement are limited; the memory limit is watched.',
    }
  }
  return {
    level: 'warning',
    message:
      'Windows does not tell the memory of a process: time and value sizes limit a statement.',
  }
}
