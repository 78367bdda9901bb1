import { type Command, Option } from 'commander'
import type { DocsOptions } from './docs.ts'
import type { Done, Terminal } from './terminal.ts'

/** `docs`: what is served, as pages for people. */
export function addDocs(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('docs')
    .description(
      'write a site about the tools: parameters, examples with real answers, who may call',
    )
    .argument('[target]', 'a config (vitrine.yaml), or a database', 'vitrine.yaml')
    .option('--out <folder>', 'where to; empty, or written by this command before', './site')
    .addOption(new Option('--format <format>', 'one of them alone').choices(['html', 'markdown']))
    .option('--no-examples', 'ask nothing of any source')
    .option('--strict', 'exit code 1 where there are warnings')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  vitrine docs vitrine.yaml --out ./site')
    .action(async (target: string, options: Omit<DocsOptions, 'target'>) => {
      const { docs } = await import('./docs.ts')
      done(await docs({ ...options, target }, terminal))
    })
}
