import type { Command } from 'commander'
import type { ConnectOptions } from './connect.ts'
import type { Done, Terminal } from './terminal.ts'

const clientText = 'claude-desktop, claude-code, cursor or vscode'

/** `connect` and `disconnect`: the configuration files of MCP clients. */
export function addClientCommands(program: Command, terminal: Terminal, done: Done): void {
  addConnect(program, terminal, done)
  addDisconnect(program, terminal, done)
}

type ClientFlags = Pick<ConnectOptions, 'name' | 'user' | 'print' | 'json'>

interface ConnectFlags extends ClientFlags, Pick<ConnectOptions, 'npx' | 'group'> {
  env?: string[]
}

function addConnect(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('connect')
    .description("write a client's configuration, so that it starts the server by itself")
    .argument('<client>', clientText)
    .argument('<target>', 'a database (sqlite:./shop.db or shop.db) or a config (vitrine.yaml)')
    .option('--name <name>', 'how the client calls the server; from the file name by default')
    .option('--group <name>', 'serve this group of the config alone')
    .option('--user', 'for all projects of this user, where the client knows the difference')
    .option('--npx', 'start by npx instead of this very installation')
    .option(
      '--env <variable>',
      'an environment variable to copy into the entry; may be given again',
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .option('--print', 'show what would be written, and write nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  vitrine connect claude-desktop ./shop.db')
    .action(
      async (client: string, target: string, { env: variables = [], ...flags }: ConnectFlags) => {
        const { connect } = await import('./connect.ts')
        const { surroundings } = await import('./surroundings.ts')
        done(await connect(client, { ...flags, ...surroundings(), variables, target }, terminal))
      },
    )
}

function addDisconnect(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('disconnect')
    .description("take the server out of a client's configuration again")
    .argument('<client>', clientText)
    .option('--name <name>', 'how the client calls the server')
    .option('--user', 'for all projects of this user, where the client knows the difference')
    .option('--print', 'show what would be written, and write nothing')
    .option('--json', 'print JSON')
    .action(async (client: string, options: ClientFlags) => {
      const { disconnect } = await import('./connect.ts')
      const { surroundings } = await import('./surroundings.ts')
      done(await disconnect(client, { ...options, ...surroundings() }, terminal))
    })
}
