import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { AppError } from '../base/error.ts'
import { version } from '../base/version.ts'
import { takeStdout } from '../transports/take-stdout.ts'
import { withoutFalseOptions } from './arguments.ts'
import type { CallOptions } from './call.ts'
import type { CheckOptions } from './check.ts'
import type { DemoOptions } from './demo.ts'
import type { DoctorOptions } from './doctor.ts'
import { addAgentCommands } from './program-agent.ts'
import { addClientCommands } from './program-clients.ts'
import { addDocs } from './program-docs.ts'
import { addServiceCommands } from './program-service.ts'
import type { QueryOptions } from './query.ts'
import type { SchemaOptions } from './schema.ts'
import { type Done, exitCode, type Terminal } from './terminal.ts'

const targetText =
  'a database (shop.db, postgres://…, mysql://…, ./exports/) or a config (vitrine.yaml)'

/** Runs the command that the arguments name, and gives its exit code. */
export async function runProgram(terminal: Terminal): Promise<number> {
  const args = withoutFalseOptions(process.argv.slice(2))
  const json = args.includes('--json')
  let result: number = exitCode.done
  const program = createProgram({ terminal, json }, (code) => (result = code))
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has shown the help that was asked for, or to a person what is wrong.
    if (error.exitCode === 0) return exitCode.done
    if (json) throw wrongUsage(error)
    return exitCode.usage
  }
  return result
}

const wrongUsage = ({ message }: CommanderError): AppError => {
  const [said = ''] = message.replace(/^error: /, '').split('\n')
  const hint = 'vitrine --help shows the usage.'
  return new AppError('invalid_input', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`, { hint })
}

/** Every command with its options. One loads its own file when it runs, and nothing that it does not need. */
export function createProgram(
  { terminal, json }: { terminal: Terminal; json: boolean },
  done: Done,
): Command {
  const program = new Command('vitrine')
    .description(
      'Internal data behind glass: Claude, and any MCP client, can look and never touch.',
    )
    .version(version)
    .exitOverride()
    // A program is told in JSON.
    .configureOutput(json ? { writeErr: () => undefined } : {})
    .showHelpAfterError('(--help shows the usage)')
    .addHelpText('after', examples)
  addDemo(program, terminal, done)
  addServe(program, terminal, done)
  addClientCommands(program, terminal, done)
  addQuery(program, terminal, done)
  addSchema(program, terminal, done)
  addCall(program, terminal, done)
  addCheck(program, terminal, done)
  addDoctor(program, terminal, done)
  addDocs(program, terminal, done)
  addServiceCommands(program, terminal, done)
  addAgentCommands(program, terminal, done)
  return program
}

const examples = `
Examples:
  vitrine demo
  vitrine serve sqlite:./shop.db
  vitrine connect claude-desktop ./shop.db
  vitrine query shop.db "SELECT count(*) FROM orders"

Exit codes: 0 done, 1 the question failed, 2 wrong usage or config.`

function addDemo(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('demo')
    .description(
      'make a sample shop, ask it real questions through a real client, say what to do next',
    )
    .option('--keep <path>', 'keep the sample database at this path')
    .option('--json', 'print JSON')
    .action(async (options: Pick<DemoOptions, 'keep' | 'json'>) => {
      const [{ demo }, { ownCommand }] = await Promise.all([
        import('./demo.ts'),
        import('./own-command.ts'),
      ])
      done(await demo({ ...options, serverCommand: ownCommand() }, terminal))
    })
}

function addServe(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('serve')
    .description('serve a database, or all of a config, to one MCP client over stdio, or over HTTP')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--http [address]', 'serve HTTP at this host:port, or where http.listen says')
    .addOption(
      new Option('--workers <n>', 'processes that share the port').argParser(toWorkerCount),
    )
    .option('--group <name>', 'serve this group of the config alone; over HTTP each has its path')
    .addHelpText(
      'after',
      '\nExamples:\n  vitrine serve sqlite:./shop.db\n  vitrine serve vitrine.yaml --http 127.0.0.1:8080',
    )
    .action(async (target: string, { http: address, workers, group }: ServeFlags) => {
      if (address !== undefined) {
        if (group !== undefined) throw groupOverHttp(group)
        const { serveOverHttp } = await import('./serve-over-http.ts')
        return done(await serveOverHttp({ target, address, workers }, terminal))
      }
      const stdout = takeStdout()
      const { serve } = await import('./serve.ts')
      done(await serve({ target, group, stdout }, terminal))
    })
}

interface ServeFlags {
  http?: string | true
  workers?: number
  group?: string
}

const groupOverHttp = (group: string): AppError =>
  new AppError('invalid_input', 'Over HTTP every group is served, each at a path of its own.', {
    hint: `Leave --group out: a client asks at /mcp/${group}.`,
  })

function toWorkerCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count
  throw new InvalidArgumentError('It takes a whole number from 1 to 64.')
}

function addQuery(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('query')
    .description('run one statement as a model would, and print its rows')
    .argument('<target>', targetText)
    .argument('<statement>', 'one read-only SQL statement, in quotes')
    .option('--source <name>', 'which source of the config')
    .option('--limit <rows>', 'most rows, 1 to 500', '50')
    .option('--json', 'print the answer that a model gets')
    .addHelpText(
      'after',
      '\nExample:\n  vitrine query shop.db "SELECT status, count(*) FROM orders GROUP BY 1"',
    )
    .action(async (target: string, statement: string, options: QueryFlags) => {
      const { query } = await import('./query.ts')
      done(await query({ ...options, target, statement }, terminal))
    })
}

type QueryFlags = Omit<QueryOptions, 'target' | 'statement'>

function addSchema(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('schema')
    .description('print what a model is told of tables and columns')
    .argument('<target>', targetText)
    .argument('[table]', 'everything about one table')
    .option('--source <name>', 'which source of the config')
    .option('--search <words>', 'tables and columns whose names match')
    .option('--json', 'print the answer that a model gets')
    .action(async (target: string, table: string | undefined, options: SchemaFlags) => {
      const { schema } = await import('./schema.ts')
      done(await schema({ ...options, target, table }, terminal))
    })
}

type SchemaFlags = Omit<SchemaOptions, 'target' | 'table'>

function addCall(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('call')
    .description('call one tool as a model would, and print its rows')
    .argument('<target>', targetText)
    .argument('<tool>', 'a tool of the config, or one that every server has')
    .argument('[values...]', 'its arguments: --name value, once for each item of a list')
    .allowUnknownOption()
    .option('--json-args <object>', 'all arguments as one JSON object')
    .option('--json', 'print the answer that a model gets')
    .option('--yes', 'confirm a change without being asked')
    .addHelpText(
      'after',
      '\nExample:\n  vitrine call vitrine.yaml orders_of_customer --customer_id 7 --from 2026-01-01',
    )
    .action(async (target: string, tool: string, ...rest: [string[], CallFlags]) => {
      const [values, options] = rest
      const { call } = await import('./call.ts')
      done(await call({ ...options, target, tool, values }, terminal))
    })
}

type CallFlags = Omit<CallOptions, 'target' | 'tool' | 'values'>

function addCheck(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('check')
    .description(
      'is the config right: keys, values, variables, and every table and column it names',
    )
    .argument('[path]', 'the config', 'vitrine.yaml')
    .option('--json', 'print JSON')
    .action(async (path: string, options: Pick<CheckOptions, 'json'>) => {
      const [{ check }, { checkLive }] = await Promise.all([
        import('./check.ts'),
        import('./check-live.ts'),
      ])
      done(await check(path, { ...options, live: checkLive }, terminal))
    })
}

function addDoctor(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('doctor')
    .description('is every source reachable, sound and read-only; what the tools cost in tokens')
    .argument('[target]', targetText, 'vitrine.yaml')
    .option('--grant-sql <role>', 'print the SQL of a role that reads what the config shows')
    .option('--json', 'print JSON')
    .action(async (target: string, { grantSql: role, ...options }: DoctorFlags) => {
      if (role === undefined) {
        const { doctor } = await import('./doctor.ts')
        done(await doctor({ ...options, target }, terminal))
      } else {
        const { grantSql } = await import('./grant-sql.ts')
        done(await grantSql({ ...options, target, role }, terminal))
      }
    })
}

type DoctorFlags = Omit<DoctorOptions, 'target'> & { grantSql?: string }
