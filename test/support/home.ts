import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ran, vitrine } from './command.ts'
import { makeDatabase, scratchFolder } from './scratch.ts'

export interface Home {
  readonly home: string
  /** Of Claude Desktop. */
  readonly file: string
  readonly shop: string
  readonly run: (...args: string[]) => Promise<Ran>
}

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
  return {
    home,
    file: join(home, '.config', 'Claude', 'claude_desktop_config.json'),
    shop,
    run: (...args) => vitrine(args, { cwd: dirname(shop), env }),
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
