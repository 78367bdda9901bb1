/** Load over HTTP from a process of its own: sockets and bytes, so that it costs little, and the same for all. */
import { connect, type Socket } from 'node:net'

export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Milliseconds between an answer and the next request, on average; none by default. */
  readonly thinkMs?: number
  /** Header lines besides Host and the length. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Loaded {
  readonly callsPerSecond: number
  readonly p50: number
  readonly p99: number
  readonly calls: number
  /** Answers that were no success, and connections that were lost. */
  readonly failures: number
}

const end = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/** Drives one connection: a request, its whole answer, the next request. */
function drive(
  socket: Socket,
  { request, thinkMs }: { request: Buffer; thinkMs: number },
  onAnswer: (ok: boolean, ms: number) => boolean,
): void {
  let parts: Buffer = Buffer.alloc(0)
  let started = performance.now()
  const ask = (): void => {
    parts = Buffer.alloc(0)
    started = performance.now()
    socket.write(request)
  }
  socket.on('data', (part: Buffer) => {
    parts = parts.length === 0 ? part : Buffer.concat([parts, part])
    if (!isWhole(parts)) return
    const ok = parts.subarray(9, 12).toString() === '200' && !parts.includes('"isError":true')
    if (!onAnswer(ok, performance.now() - started)) socket.destroy()
    else if (thinkMs === 0) ask()
    else setTimeout(ask, thinkMs * 2 * Math.random())
  })
  socket.once('connect', ask)
}

function isWhole(answer: Buffer): boolean {
  const headEnd = answer.indexOf(end)
  if (headEnd === -1) return false
  const head = answer.subarray(0, headEnd).toString().toLowerCase()
  const [, length] = /content-length: (\d+)/.exec(head) ?? []
  if (length !== undefined) return answer.length >= headEnd + end.length + Number(length)
  return answer.subarray(-lastChunk.length).equals(lastChunk)
}

export async function load({ thinkMs = 0, ...options }: Load): Promise<Loaded> {
  const { url, connections, seconds, headers, body } = options
  const { hostname, port, pathname, host } = new URL(url)
  const lines = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) })
  const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')
  const request = Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head}\r\n\r\n${body}`)
  const times: number[] = []
  let failures = 0
  const started = performance.now()
  const until = started + seconds * 1000
  await Promise.all(
    Array.from({ length: connections }, () => {
      const socket = connect(Number(port), hostname)
      drive(socket, { request, thinkMs }, (ok, ms) => {
        if (ok) times.push(ms)
        else failures += 1
        return performance.now() < until
      })
      return new Promise<void>((resolve) => {
        socket.once('error', () => (failures += 1)).once('close', () => resolve())
      })
    }),
  )
  const took = (performance.now() - started) / 1000
  times.sort((one, other) => one - other)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
  const calls = times.length
  return { calls, callsPerSecond: calls / took, p50: at(0.5), p99: at(0.99), failures }
}

if (process.argv[2] !== undefined) {
  process.stdout.write(JSON.stringify(await load(JSON.parse(process.argv[2]) as Load)))
}
