import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { platform } from 'node:os'

/** Linux counts /proc/pid/statm in pages; 4 KiB everywhere Node is built for but some arm64 kernels. */
const pageBytes = 4096

/**
 * Resident bytes of a process, or undefined where the system does not say: Linux by /proc
 * (proc(5)), macOS by ps(1), nothing on Windows, where time and length limits must do.
 */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (platform() === 'linux') {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
    return bytesOf(statm.split(' ')[1], pageBytes)
  }
  if (platform() === 'darwin') return bytesOf(await listProcess(pid), 1024)
  return undefined
}

const bytesOf = (count: string | undefined, unit: number): number | undefined =>
  count === undefined || count.trim() === '' ? undefined : Number(count) * unit

const listProcess = (pid: number): Promise<string> =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 2000 }, (_error, stdout) =>
      resolve(stdout),
    )
  })
