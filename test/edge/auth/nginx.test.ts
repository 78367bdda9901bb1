import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createListener } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { modernCall, startHttpServer } from '../../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/auth.md', import.meta.url)), 'utf8')
const section = page.slice(page.indexOf('## A proxy that knows'))
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)?.[1] ?? ''

const secret = 'what only the proxy knows'

/** Whoever has a cookie is who it says. */
async function startSignIn(): Promise<number> {
  const server = createServer(({ headers: { cookie = '' } }, response) => {
    const [, user] = /user=(\w+)/.exec(cookie) ?? []
    if (user !== undefined) response.setHeader('x-user', user)
    response.writeHead(user === undefined ? 401 : 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const listener = createListener()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  return port
}

async function startNginx(locations: string): Promise<URL> {
  const folder = scratchFolder()
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .join('\n')
  const path = join(folder, 'nginx.conf')
  writeFileSync(
    path,
    `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr error;
events {}
http { access_log off; ${temporary}
server { listen 127.0.0.1:${port};
${locations} } }`,
  )
  const nginx = spawn('nginx', ['-p', folder, '-c', path, '-e', 'stderr'], { stdio: 'ignore' })
  onTestFinished(() => void nginx.kill('SIGKILL'))
  const url = new URL(`http://127.0.0.1:${port}/mcp`)
  await vi.waitFor(() => fetch(url), { timeout: 10_000, interval: 50 })
  return url
}

const ask = async (to: URL, headers: Record<string, string>): Promise<number> =>
  (await modernCall(to, ['query_database', { query: 'SELECT 1' }], { headers })).status

test.skipIf(spawnSync('nginx', ['-v']).status !== 0)(
  'the proxy of docs/auth.md lets in whom it knows, and nobody can speak in its place',
  async () => {
    const folder = scratchFolder()
    makeDatabase('CREATE TABLE orders(id)', join(folder, 'shop.db'))
    const config = join(folder, 'vitrine.yaml')
    writeFileSync(config, `sources: { shop: { url: sqlite:./shop.db } }\n${block('yaml')}`)
    const server = await startHttpServer(config, { env: { VITRINE_PROXY_SECRET: secret } })
    const signIn = await startSignIn()
    const url = await startNginx(
      block('nginx')
        .replace('127.0.0.1:8080', server.url.host)
        .replace('127.0.0.1:4180', `127.0.0.1:${signIn}`)
        .replace('"…"', `"${secret}"`),
    )
    expect(await ask(url, { cookie: 'user=ana' })).toBe(200)
    // A name that is refused wherever it arrives: here it is overwritten.
    expect(await ask(url, { cookie: 'user=ana', 'x-vitrine-actor': 'not, one' })).toBe(200)
    expect(await ask(url, { 'x-vitrine-actor': 'ana' })).toBe(401)
    expect(await ask(server.url, { 'x-vitrine-actor': 'ana' })).toBe(401)
  },
)
