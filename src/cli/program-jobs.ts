import type { Command } from 'commander'
import type * as Jobs from './jobs.ts'
import type { JobOptions, JobsListOptions } from './jobs.ts'
import type { Done, Terminal } from './terminal.ts'

const targetText = 'the config, or the database, that is served'

/** `jobs`: questions that outlast their call. */
export function addJobsCommands(program: Command, terminal: Terminal, done: Done): void {
  const jobs = program.command('jobs').description('questions that take longer than a call')
  jobs
    .command('list')
    .description('what waits, runs, and has ended and is still kept; the newest first')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--actor <id>', 'of one caller')
    .option('--json', 'print JSON')
    .action(async (target: string, options: Omit<JobsListOptions, 'target'>) => {
      const { jobsList } = await import('./jobs.ts')
      done(await jobsList({ ...options, target }, terminal))
    })
  const addOne = (name: string, about: string, commandOf: CommandOf): void => {
    jobs
      .command(name)
      .description(about)
      .argument('<id>', 'as listed')
      .argument('[target]', targetText, 'vitrine.yaml')
      .option('--json', 'print JSON')
      .action(async (id: string, target: string, options: Omit<JobOptions, 'id' | 'target'>) => {
        const run = commandOf(await import('./jobs.ts'))
        done(await run({ ...options, id, target }, terminal))
      })
  }
  addOne('show', 'one job, with its statement', ({ jobsShow }) => jobsShow)
  addOne(
    'watch',
    'wait for the end of a job, with its progress on a terminal',
    ({ jobsWatch }) => jobsWatch,
  )
  addOne('cancel', 'end a job, and its statement, wherever it runs', ({ jobsCancel }) => jobsCancel)
}

/** What is done to one job, of the file that is loaded when it is asked for. */
type CommandOf = (
  commands: typeof Jobs,
) => (options: JobOptions, terminal: Terminal) => Promise<number>
