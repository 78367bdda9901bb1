import { type Command, Option } from 'commander'
import { scopes } from '../cache/drop.ts'
import type { CacheClearOptions } from './cache.ts'
import type { Done, Terminal } from './terminal.ts'

/** `cache`: what servers hold in memory. */
export function addCacheCommands(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('cache')
    .description('what the servers that run hold in memory')
    .command('clear')
    .description('have every server of a config forget its schema and its answers')
    .argument('[target]', 'the config, or the database, that is served', 'vitrine.yaml')
    .option('--source <name>', 'of one source of the config')
    .addOption(new Option('--scope <what>', 'what to forget').choices(scopes).default('all'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  vitrine cache clear vitrine.yaml --source shop --scope results',
    )
    .action(async (target: string, options: Omit<CacheClearOptions, 'target'>) => {
      const { cacheClear } = await import('./cache.ts')
      done(await cacheClear({ ...options, target }, terminal))
    })
}
