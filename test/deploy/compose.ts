import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { WhenDone } from '../../dist/testing/index.js'
import { freePort } from '../support/free-port.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { fixturePath } from '../support/tls-proxy.ts'
import { tokenFile } from './tokens.ts'

const inDeploy = (path: string): string =>
  fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url))

export interface Composed {
  /** Of /mcp, as clients see it. */
  readonly url: URL
  /** Runs `docker compose` on it; gives what it printed. */
  readonly compose: (...args: readonly string[]) => Promise<string>
}

/**
 * Builds the image and brings up all of deploy/compose.yaml. Its own are only what whoever installs it brings: a
 * database, tokens, a certificate, and the port.
 */
export async function composeUp(whenDone: WhenDone): Promise<Composed> {
  const port = await freePort()
  const override = writeOverride(fillFolder(whenDone), port)
  const project = `vitrine-test-${process.pid}`
  const compose = async (...args: readonly string[]): Promise<string> => {
    const files = ['--file', inDeploy('compose.yaml'), '--file', override]
    const env = { ...process.env, SHOP_DATABASE_URL: 'sqlite:/config/shop.db' }
    const { stdout } = await promisify(execFile)(
      'docker',
      ['compose', '--project-name', project, ...files, ...args],
      { env, timeout: 600_000, maxBuffer: 64 * 1024 * 1024 },
    )
    return stdout
  }
  whenDone(async () => void (await compose('down', '--volumes', '--timeout', '1')))
  await compose('up', '--build', '--detach', '--wait')
  return { url: new URL(`https://localhost:${port}/mcp`), compose }
}

/** Everybody may read it, as user 1000 of the containers must. */
function fillFolder(whenDone: WhenDone): string {
  const folder = scratchFolder(whenDone)
  const [config, tls] = [join(folder, 'config'), join(folder, 'tls')]
  for (const path of [config, tls]) mkdirSync(path)
  copyFileSync(inDeploy('config/vitrine.yaml'), join(config, 'vitrine.yaml'))
  writeFileSync(join(config, 'tokens.yaml'), tokenFile())
  makeDatabase('CREATE TABLE orders (id INTEGER)', join(config, 'shop.db'))
  copyFileSync(fixturePath('server.crt'), join(tls, 'tls.crt'))
  copyFileSync(fixturePath('server.key'), join(tls, 'tls.key'))
  chmodSync(folder, 0o755)
  return folder
}

function writeOverride(folder: string, port: number): string {
  const path = join(folder, 'override.yaml')
  const replica = { image: 'vitrine-test', volumes: [`${folder}/config:/config:ro`] }
  const nginx = JSON.stringify([`${folder}/tls:/etc/nginx/tls:ro`])
  writeFileSync(
    path,
    `services:
  vitrine-1: ${JSON.stringify(replica)}
  vitrine-2: ${JSON.stringify(replica)}
  nginx: { ports: !override ['127.0.0.1:${port}:443'], volumes: ${nginx} }
`,
  )
  return path
}
