import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { kill, pid } from 'node:process'

export interface FileLock {
  /** The file that is this process's alone. */
  readonly path: string
  release(): Promise<void>
}

/** Processes that write beside each other. */
const mostProcesses = 64
/** A lock of another machine is touched this often, and is void when it was not for a while. */
const touchMs = 15_000
const voidMs = 60_000

/**
 * A file for this process alone: `audit.jsonl`, or `audit.2.jsonl` and so on where others have those. The
 * lock is a file beside it that says who has it; that of a process which has died is taken over.
 */
export async function lockFile(file: string): Promise<FileLock> {
  for (let number = 1; number <= mostProcesses; number++) {
    const path = number === 1 ? file : toNumbered(file, number)
    const lock = `${path}.lock`
    if (await take(lock)) return hold(path, lock)
  }
  throw new Error(`${mostProcesses} processes write beside ${file} already`)
}

const toNumbered = (file: string, number: number): string =>
  file.replace(/(\.[^./\\]*)?$/, (ending) => `.${number}${ending}`)

/** A process that was started again may have the number of the one before: then its start differs. */
const owner = `${hostname()}:${pid}:${performance.timeOrigin}`

async function take(lock: string): Promise<boolean> {
  if (await create(lock)) return true
  const holder = await read(lock)
  if (!(await isVoid(lock, holder))) return false
  // Of several that see a void lock one can move it; what another has made meanwhile is put back.
  const moved = `${lock}.${pid}`
  if (!(await isDone(rename(lock, moved)))) return false
  const isSame = (await read(moved)) === holder
  if (!isSame) await isDone(link(moved, lock))
  await rm(moved, { force: true })
  return isSame && create(lock)
}

const read = (lock: string): Promise<string> => readFile(lock, 'utf8').catch(() => '')

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

async function create(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600)
    await handle.writeFile(owner)
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isVoid(lock: string, holder: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined)
  if (found === undefined) return true
  const [, host, id] = /^(.*):(\d+):[\d.]+$/s.exec(holder) ?? []
  if (host === hostname()) return Number(id) === pid ? holder !== owner : !isAlive(Number(id))
  return Date.now() - found.mtimeMs > voidMs
}

function isAlive(id: number): boolean {
  try {
    kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function hold(path: string, lock: string): FileLock {
  const touch = async (): Promise<void> => {
    const now = new Date()
    await utimes(lock, now, now).catch(() => undefined)
  }
  const touching = setInterval(() => void touch(), touchMs).unref()
  return {
    path,
    async release() {
      clearInterval(touching)
      await rm(lock, { force: true }).catch(() => undefined)
    },
  }
}
