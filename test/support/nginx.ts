import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WhenDone } from '../../dist/testing/index.js'
import { freePort } from './free-port.ts'
import { scratchFolder } from './scratch.ts'
import { fixturePath } from './tls-proxy.ts'
import { pause } from './workers.ts'

export const hasNginx: boolean = spawnSync('nginx', ['-v']).status === 0
if (!hasNginx) console.warn('What is deployed with nginx is not tested: there is no nginx here.')

/** The configuration of deploy/nginx/ with what a machine fills in: port, certificate, replicas. */
function deployed(port: number, replicas: readonly number[]): string {
  const path = fileURLToPath(new URL('../../deploy/nginx/vitrine.conf', import.meta.url))
  const fillings: readonly (readonly [written: string, filling: string])[] = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/nginx/tls/tls.crt', fixturePath('server.crt')],
    ['/etc/nginx/tls/tls.key', fixturePath('server.key')],
    ['/dev/stdout', '/dev/null'],
    ...replicas.map((at, index) => [`vitrine-${index + 1}:8080`, `127.0.0.1:${at}`] as const),
  ]
  return fillings.reduce(
    (text, [written, filling]) => {
      if (!text.includes(written)) throw new Error(`vitrine.conf does not say ${written}`)
      return text.replaceAll(written, filling)
    },
    readFileSync(path, 'utf8'),
  )
}

/** nginx in front of replicas, as in a container: nothing of it outside a folder of its own. */
export async function startNginx(replicas: readonly number[], whenDone: WhenDone): Promise<URL> {
  const folder = scratchFolder(whenDone)
  const port = await freePort()
  writeFileSync(join(folder, 'vitrine.conf'), deployed(port, replicas))
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const kind of kinds) mkdirSync(join(folder, kind))
  const conf = `
    daemon off; pid nginx.pid; worker_processes 1; error_log stderr error;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    events { worker_connections 512; }
    http {
      ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
      include vitrine.conf;
    }`
  writeFileSync(join(folder, 'nginx.conf'), conf)
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  whenDone(() => void child.kill('SIGTERM'))
  const deadline = Date.now() + 10_000
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`No nginx: ${said}`)
    await pause(20)
  }
  return new URL(`https://localhost:${port}/mcp`)
}

export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface AskOptions {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** POST where left out. */
  readonly method?: 'GET'
  /** Told of every part of the answer, as it arrives. */
  readonly onPart?: (part: string) => void
}

const authority = readFileSync(fixturePath('authority.crt'))

/** Asks nginx, whose certificate is checked. */
export const ask = (
  url: URL,
  body: object,
  { token, headers, signal, method, onPart }: AskOptions = {},
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: method ?? 'POST',
        ca: authority,
        lookup: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(signal && { signal }),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
          onPart?.(part)
        })
        response.once('error', reject).once('end', () => {
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, headers: received, text })
        })
      },
    )
    sent.once('error', reject).end(method === 'GET' ? undefined : JSON.stringify(body))
  })
