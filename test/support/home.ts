import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connect, type ConnectOptions, disconnect } from '../../dist/cli/connect.js'
import { surroundings } from '../../dist/cli/surroundings.js'
import { type Ran, vitrine } from './command.ts'
import { printed } from './command-here.ts'
import { makeDatabase, scratchFolder } from './scratch.ts'

export interface Home {
  readonly home: string
  /** Of Claude Desktop. */
  readonly file: string
  readonly shop: string
  /** Runs a command in the folder of the shop. */
  readonly run: (...args: string[]) => Promise<Ran>
  /** Does in this process what the commands do, for Claude Desktop and the shop where nothing else is said. */
  readonly connect: (more?: Partial<ConnectOptions>) => Promise<Ran>
  readonly disconnect: (more?: Partial<ConnectOptions>) => Promise<Ran>
}

const desktop = 'claude-desktop'

/** A home of its own, and a shop in a folder beside it. */
export function makeHome(): Home {
  const home = scratchFolder()
  const shop = makeDatabase(
    'CREATE TABLE orders(id); INSERT INTO orders VALUES (7)',
    join(scratchFolder(), 'My Shop.db'),
  )
  const env = {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    XDG_CONFIG_HOME: join(home, '.config'),
  }
  const cwd = dirname(shop)
  const here = { ...surroundings(), env, home, cwd }
  return {
    home,
    file: join(home, '.config', 'Claude', 'claude_desktop_config.json'),
    shop,
    run: (...args) => vitrine(args, { cwd, env }),
    connect: (more) =>
      printed(false, (terminal) => connect(desktop, { ...here, target: shop, ...more }, terminal)),
    disconnect: (more) =>
      printed(false, (terminal) => disconnect(desktop, { ...here, ...more }, terminal)),
  }
}

export interface Configuration {
  mcpServers: Record<string, { command: string; args: string[]; env?: Record<string, string> }>
}

export const readConfiguration = (file: string): Configuration =>
  JSON.parse(readFileSync(file, 'utf8')) as Configuration

/** Claude Desktop's configuration as a person left it. */
export function writeConfiguration({ file }: Home, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
