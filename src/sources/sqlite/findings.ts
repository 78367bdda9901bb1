import { platform } from 'node:os'
import { dirname } from 'node:path'
import { mayWrite } from '../../base/may-write.ts'
import type { Finding } from '../source.ts'
import type { EngineFacts } from './describe-engine.ts'

/** What a person should know about this file, worst last. */
export function toFindings(path: string, facts: EngineFacts): readonly Finding[] {
  return [engine(facts), health(facts), role(path), log(path, facts), limits()].flatMap(
    (finding) => finding ?? [],
  )
}

function engine({ version, encoding, journalMode, pageCount, pageSize }: EngineFacts): Finding {
  return {
    level: 'ok',
    message: `SQLite ${version}, ${encoding}, ${sizeOf(pageCount * pageSize)}, journal mode ${journalMode}`,
  }
}

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

function health({ check }: EngineFacts): Finding {
  if (check === 'ok') return { level: 'ok', message: 'The file is sound (quick_check).' }
  if (check === undefined) {
    return { level: 'ok', message: 'The file is larger than 1 GB and was not checked for damage.' }
  }
  return {
    level: 'problem',
    message: `The file is damaged: ${check}`,
    remedy: 'Restore it from a backup, or recover it with .recover of the sqlite3 shell.',
  }
}

/** The role of an embedded database is what the file system lets this user do. */
function role(path: string): Finding {
  if (!mayWrite(path))
    return { level: 'ok', message: 'This user may read the file and not write it.' }
  return {
    level: 'warning',
    message: 'This user may write the file. Vitrine opens it read-only all the same.',
    remedy: `For a second lock run Vitrine as another user, or: chmod a-w '${path}'`,
  }
}

function log(path: string, { journalMode }: EngineFacts): Finding | undefined {
  if (journalMode !== 'wal' || mayWrite(dirname(path))) return undefined
  return {
    level: 'warning',
    message: 'The file is in WAL mode and its folder cannot be written by this user.',
    remedy:
      'While another program writes, rows in its log may be out of reach; let this user write to the folder.',
  }
}

function limits(): Finding {
  const held = heldLimits[platform()]
  if (held !== undefined) return { level: 'ok', message: held }
  return {
    level: 'warning',
    message: 'This system sets no limits on workers: only time and the length of values are held.',
    remedy: 'Run Vitrine in a container with a memory limit where that matters.',
  }
}

const heldLimits: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Workers are held by the system: memory, processor time, file size.',
  darwin:
    'Workers are held by the system in processor time and file size; their memory is watched.',
}
