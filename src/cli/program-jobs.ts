import type { Command } from 'commander'
import type { Done, Terminal } from './terminal.ts'

const targetText = 'the config, or the database, that is served'

interface JobsFlags {
  actor?: string
  json?: boolean
}

/** `jobs`: questions that outlast their call. */
export function addJobsCommands(program: Command, terminal: Terminal, done: Done): void {
  const jobs = program.command('jobs').description('questions that take longer than a call')
  jobs
    .command('list')
    .description('what waits, runs, and has ended and is still kept; the newest first')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--actor <id>', 'of one caller')
    .option('--json', 'print JSON')
    .action(async (target: string, options: JobsFlags) => {
      const { jobsList } = await import('./jobs.ts')
      done(await jobsList({ ...options, target }, terminal))
    })
  jobs
    .command('show')
    .description('one job, with its statement')
    .argument('<id>', 'as listed')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--json', 'print JSON')
    .action(async (id: string, target: string, options: JobsFlags) => {
      const { jobsShow } = await import('./jobs.ts')
      done(await jobsShow({ ...options, id, target }, terminal))
    })
  jobs
    .command('watch')
    .description('wait for the end of a job, with its progress on a terminal')
    .argument('<id>', 'as listed')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--json', 'print JSON')
    .action(async (id: string, target: string, options: JobsFlags) => {
      const { jobsWatch } = await import('./jobs.ts')
      done(await jobsWatch({ ...options, id, target }, terminal))
    })
  jobs
    .command('cancel')
    .description('end a job, and its statement, wherever it runs')
    .argument('<id>', 'as listed')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--json', 'print JSON')
    .action(async (id: string, target: string, options: JobsFlags) => {
      const { jobsCancel } = await import('./jobs.ts')
      done(await jobsCancel({ ...options, id, target }, terminal))
    })
}
