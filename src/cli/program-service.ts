import type { Command } from 'commander'
import { addAuditCommands } from './program-audit.ts'
import { addCacheCommands } from './program-cache.ts'
import { addJobsCommands } from './program-jobs.ts'
import type { Done, Terminal } from './terminal.ts'
import type { TokenCreateOptions } from './token-create.ts'
import type { TokenListOptions } from './token-list.ts'

/** The housekeeping of a service that a team uses. */
export function addServiceCommands(program: Command, terminal: Terminal, done: Done): void {
  addToken(program, terminal, done)
  addAuditCommands(program, terminal, done)
  addJobsCommands(program, terminal, done)
  addCacheCommands(program, terminal, done)
}

const configText = 'the config whose http.auth.tokens names the file'
const fileText = 'the file of tokens itself, whatever a config says'

function addToken(program: Command, terminal: Terminal, done: Done): void {
  const token = program
    .command('token')
    .description('tokens by which people and programs come in over HTTP: make, list, revoke')
  addTokenCreate(token, terminal, done)
  addTokenList(token, terminal, done)
  addTokenRevoke(token, terminal, done)
}

interface CreateFlags extends Omit<TokenCreateOptions, 'config' | 'claims' | 'now'> {
  claim: string[]
}

function addTokenCreate(token: Command, terminal: Terminal, done: Done): void {
  token
    .command('create')
    .description('make a token, and print it this once; the file keeps its hash')
    .argument('[config]', configText, 'vitrine.yaml')
    .requiredOption('--name <name>', 'whose it is; stands in the log')
    .requiredOption('--tools <names>', 'tools that are open, with commas between them, or all')
    .requiredOption('--sources <names>', 'sources that are open, with commas between them, or all')
    .option('--expires <when>', 'after 90d, 12h, 26w, 1y, or on a day such as 2026-12-31', '90d')
    .option(
      '--claim <name=value>',
      'what is known of the holder, for `identity`; may be given again',
      (claim: string, claims: readonly string[]) => [...claims, claim],
      [],
    )
    .option('--file <path>', fileText)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  vitrine token create --name ana --tools query_database,get_schema --sources shop',
    )
    .action(async (config: string, { claim: claims, ...flags }: CreateFlags) => {
      const { tokenCreate } = await import('./token-create.ts')
      done(await tokenCreate({ ...flags, config, claims, now: new Date() }, terminal))
    })
}

type FileFlags = Omit<TokenListOptions, 'config' | 'now'>

function addTokenList(token: Command, terminal: Terminal, done: Done): void {
  token
    .command('list')
    .description('who has a token, for what, and until when')
    .argument('[config]', configText, 'vitrine.yaml')
    .option('--file <path>', fileText)
    .option('--json', 'print JSON')
    .action(async (config: string, flags: FileFlags) => {
      const { tokenList } = await import('./token-list.ts')
      done(await tokenList({ ...flags, config, now: new Date() }, terminal))
    })
}

function addTokenRevoke(token: Command, terminal: Terminal, done: Done): void {
  token
    .command('revoke')
    .description('take a token back; a server that runs refuses it a second later')
    .argument('<name>', 'whose')
    .argument('[config]', configText, 'vitrine.yaml')
    .option('--file <path>', fileText)
    .option('--json', 'print JSON')
    .action(async (name: string, config: string, flags: FileFlags) => {
      const { tokenRevoke } = await import('./token-revoke.ts')
      done(await tokenRevoke({ ...flags, config, name }, terminal))
    })
}
