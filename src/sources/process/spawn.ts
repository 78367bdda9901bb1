import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

export interface SpawnOptions {
  /** Path of the program a worker runs. */
  readonly program: string
  /** Bytes a worker may add to what a bare Node process maps. */
  readonly memoryBytes: number
  /** Bytes it may map instead, where the engine maps far more than it uses. */
  readonly addressBytes?: number
  /** The largest file it may write, or what says so for each worker; little more than nothing where left out. */
  readonly fileBytes?: number | (() => number)
  /** Seconds of processor time after which the system ends it, whoever is left to watch. */
  readonly cpuSeconds: number
}

const defaultFileBytes = 1024 * 1024

/**
 * Starts a worker with what the operating system can hold: address space, size of written files
 * and processor time (`ulimit`, POSIX sh). Windows has no such limits from Node; there the parent's
 * deadline is what ends a worker, and a job object ends it with its parent.
 *
 * The environment is empty: a worker needs no secret, so it is given none.
 */
export function spawnWorker(options: SpawnOptions): ChildProcess {
  const heapMegabytes = Math.max(64, Math.floor(options.memoryBytes / 4 / 1024 / 1024))
  const command = [process.execPath, `--max-old-space-size=${heapMegabytes}`, options.program]
  const [file = '', ...rest] =
    platform() === 'win32' ? command : ['/bin/sh', '-c', limitScript(options), ...command]
  return spawn(file, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: platform() === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {},
    windowsHide: true,
  })
}

/** Each limit on its own: a system that refuses one still sets the others. */
function limitScript({
  memoryBytes,
  addressBytes = memoryBytes,
  fileBytes = defaultFileBytes,
  cpuSeconds,
}: SpawnOptions): string {
  const most = typeof fileBytes === 'number' ? fileBytes : fileBytes()
  const limits = [`ulimit -f ${Math.ceil(most / 512)}`, `ulimit -t ${cpuSeconds}`, 'ulimit -c 0']
  const mapped = mappedKilobytes()
  if (mapped !== undefined) limits.push(`ulimit -v ${mapped + Math.ceil(addressBytes / 1024)}`)
  return `${limits.map((limit) => `${limit} 2>/dev/null`).join('; ')}; ${endWithParent}; exec "$0" "$@"`
}

/**
 * A worker that computes does not see its parent go. Linux ends it then, where util-linux is there to
 * ask for that (setpriv(1), prctl(2): PR_SET_PDEATHSIG); elsewhere the limit of processor time does.
 */
const endWithParent =
  'setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL "$0" "$@"'

/**
 * What this process maps now, in KiB: the measure of a bare Node process, which maps far more than
 * it uses and how much depends on its version. Linux only (proc(5)).
 */
function mappedKilobytes(): number | undefined {
  if (platform() !== 'linux') return undefined
  try {
    const found = /^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
    return found === null ? undefined : Number(found[1])
  } catch {
    return undefined
  }
}
