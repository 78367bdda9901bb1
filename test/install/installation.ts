import { execFile } from 'node:child_process'
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'
import type { Ran } from '../support/command.ts'
import { scratchFolder } from '../support/scratch.ts'

export const checkout: string = fileURLToPath(new URL('../..', import.meta.url))

/** The Nodes that what was installed runs on: `VITRINE_TEST_NODES=20,22,24`, or else the one that runs the tests. */
const wanted = (process.env['VITRINE_TEST_NODES'] ?? '').split(',').filter(Boolean)

/** With Nodes named there is time for what takes long: optional packages are installed, libraries type-checked. */
export const thorough: boolean = wanted.length > 0

export interface Runtime {
  readonly name: string
  /** The folder with `node`, `npm` and `npx`, and nothing that compiles. */
  readonly path: string
}

export interface Installation {
  /** Where `npm install vitrine-….tgz` was run. */
  readonly folder: string
  /** The file's name there. */
  readonly packed: string
  readonly runtimes: readonly Runtime[]
  /** Ends in an error where npm does. */
  readonly npm: (...args: readonly string[]) => Promise<void>
  /** A person's shell in that folder, with a home of their own. */
  readonly run: (runtime: Runtime, line: readonly string[], env?: Vars) => Promise<Ran>
}

type Vars = Readonly<Record<string, string>>

/** The package, packed and installed in an empty folder; nothing where the registry cannot be reached. */
export async function install(): Promise<Installation | undefined> {
  const folder = scratchFolder(atTheEnd)
  const own = { name: process.version, path: toolsOf(process.execPath, scratchFolder(atTheEnd)) }
  const npm = (...args: readonly string[]): Promise<Ran> =>
    run(['npm', ...args, ...quiet], { cwd: folder, path: own.path, timeout: 240_000 })
  // `prepack` would build anew what other tests run.
  await must(npm('pack', checkout, '--ignore-scripts'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const packed = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  const installed = await npm('install', `./${packed}`)
  if (unreachable.test(installed.stderr)) {
    process.stdout.write('The npm registry cannot be reached: what is installed is not tested.\n')
    return undefined
  }
  await must(installed)
  const home = scratchFolder(atTheEnd)
  return {
    folder,
    packed,
    runtimes: thorough ? await installNodes(own.path) : [own],
    npm: (...args) => must(npm(...args)),
    run: ({ path }, line, env = {}) =>
      run(line, { cwd: folder, path, timeout: 60_000, env: { ...env, ...at(home) } }),
  }
}

/** Hundreds of megabytes are not gone at once. */
const atTheEnd: WhenDone = (remove) => afterAll(remove, 120_000)

const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier']
const unreachable =
  /code (?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|EAI_AGAIN|ENOTCACHED)/
const at = (home: string): Vars => ({ HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home })

async function installNodes(path: string): Promise<Runtime[]> {
  const cwd = scratchFolder(atTheEnd)
  const packages = wanted.map(
    (line) => `n${line}@npm:node-${process.platform}-${process.arch}@${line}`,
  )
  await must(run(['npm', 'install', ...packages, ...quiet], { cwd, path, timeout: 240_000 }))
  return wanted.map((line) => ({
    name: `Node ${line}`,
    path: toolsOf(join(cwd, `node_modules/n${line}/bin/node`), scratchFolder(atTheEnd)),
  }))
}

/** A folder for PATH: whoever would compile there finds neither compiler nor Python. */
function toolsOf(node: string, folder: string): string {
  symlinkSync(node, join(folder, 'node'))
  symlinkSync('/bin/sh', join(folder, 'sh'))
  const npm = dirname(npmProgram())
  for (const name of ['npm', 'npx']) symlinkSync(join(npm, `${name}-cli.js`), join(folder, name))
  return folder
}

/** npm that runs the tests says where it is; otherwise the one beside the Node that does. */
const npmProgram = (): string =>
  process.env['npm_execpath'] ??
  join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')

interface Surroundings {
  readonly cwd: string
  readonly path: string
  readonly timeout: number
  readonly env?: Vars
}

/** That there is a newer npm is none of the answers that are looked at. */
const quietNpm = { npm_config_update_notifier: 'false' }

const run = (
  [command = '', ...args]: readonly string[],
  { cwd, path, timeout, env }: Surroundings,
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      join(path, command),
      args,
      {
        cwd,
        timeout,
        env: { ...process.env, ...quietNpm, PATH: path, ...env },
        maxBuffer: 1 << 26,
      },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    )
  })

async function must(ran: Ran | Promise<Ran>): Promise<void> {
  const { code, stderr } = await ran
  if (code !== 0) throw new Error(`npm ended with ${code}: ${stderr}`)
}
