import { basename } from 'node:path'
import { AppError } from '../base/error.ts'
import { version } from '../base/version.ts'
import { type Client, clientNamed, type Surroundings } from '../clients/client.ts'
import { type Entry, ownEntries, putEntry, takeEntry } from '../clients/edit.ts'
import { readConfiguration, writeConfiguration } from '../clients/file.ts'
import { formatDiff } from './diff.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface ConnectSurroundings extends Surroundings {
  readonly now: Date
  /** How this very program is started. */
  readonly ownCommand: { readonly command: string; readonly args: readonly string[] }
  /** Checks the target and makes it work from any folder. */
  resolveTarget(target: string): Promise<string>
}

export interface DisconnectOptions extends ConnectSurroundings {
  readonly name?: string
  readonly user?: boolean
  readonly print?: boolean
  readonly json?: boolean
}

export interface ConnectOptions extends DisconnectOptions {
  readonly target: string
  /** Start by npx instead of this very installation. */
  readonly npx?: boolean
  /** Names of variables to copy into the entry. */
  readonly variables?: readonly string[]
}

/** Writes the entry that makes the client start the server. */
export async function connect(
  id: string,
  options: ConnectOptions,
  terminal: Terminal,
): Promise<number> {
  const client = clientNamed(id)
  const target = await options.resolveTarget(options.target)
  const name = checkName(options.name ?? nameOf(target))
  const entry = toEntry(client, target, options)
  const place = { serversKey: client.serversKey, name }
  const edit = (text: string): string => putEntry(text, place, entry)
  return apply({ client, name, edit, next: client.next }, options, terminal)
}

/** Takes the entry out again: the one of that name, or the only one that starts Vitrine. */
export async function disconnect(
  id: string,
  options: DisconnectOptions,
  terminal: Terminal,
): Promise<number> {
  const client = clientNamed(id)
  const text = await readConfiguration(client.path(options, options.user ?? false))
  const name = options.name ?? onlyOne(ownEntries(text, client.serversKey), client)
  const edit = (before: string): string =>
    name === undefined ? before : takeEntry(before, { serversKey: client.serversKey, name })
  const next = `${client.title} forgets the server when it starts again.`
  return apply({ client, name: name ?? 'vitrine', edit, next }, options, terminal)
}

function onlyOne(names: readonly string[], { title }: Client): string | undefined {
  if (names.length < 2) return names[0]
  throw new AppError('invalid_input', `${title} has several servers of Vitrine.`, {
    hint: `Say which with --name: ${names.join(', ')}.`,
  })
}

function toEntry(client: Client, target: string, options: ConnectOptions): Entry {
  const { command, args } = options.npx === true ? npxCommand(options) : options.ownCommand
  const variables = (options.variables ?? []).map((name) => [name, valueOf(name, options)] as const)
  return {
    ...client.extra,
    command,
    args: [...args, 'serve', target],
    ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }),
  }
}

/** A program of npm is a script on Windows, which only its shell starts. */
function npxCommand({ platform }: Surroundings): ConnectSurroundings['ownCommand'] {
  const args = ['-y', `vitrine@${version}`]
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', 'npx', ...args] }
    : { command: 'npx', args }
}

function valueOf(name: string, { env }: Surroundings): string {
  const value = env[name]
  if (value !== undefined) return value
  throw new AppError('invalid_input', `The variable ${name} is not set here.`, {
    hint: 'Set it for this command, so that its value can be copied into the entry.',
  })
}

/** `sqlite:/data/My shop.db` and `/data/my-shop.yaml` are both called my-shop. */
const nameOf = (target: string): string =>
  basename(target.replaceAll('\\', '/'))
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40) || 'vitrine'

function checkName(name: string): string {
  if (/^[a-zA-Z0-9_-]{1,40}$/.test(name)) return name
  throw new AppError('invalid_input', `A client cannot call a server "${name}".`, {
    hint: 'A name is up to 40 letters, digits, _ and -.',
  })
}

interface Edit {
  readonly client: Client
  readonly name: string
  readonly next: string
  readonly edit: (text: string) => string
}

/** Shows the change, and makes it unless it is only to be shown. */
async function apply(
  { client, name, edit, next }: Edit,
  options: DisconnectOptions,
  terminal: Terminal,
): Promise<number> {
  const { now, user = false, print = false, json = false } = options
  const path = client.path(options, user)
  const before = await readConfiguration(path)
  const after = edit(before)
  const changes = before !== after
  const write = changes && !print
  const backup = write ? await writeConfiguration({ path, before, after, now }) : undefined
  if (json) {
    const answer = { client: client.id, name, path, changed: write, backup, configuration: after }
    terminal.print(JSON.stringify(answer))
    return exitCode.done
  }
  if (!changes) {
    terminal.print(`${path}\nNothing to change: it is so already.`)
    return exitCode.done
  }
  terminal.print(formatDiff({ path, before, after }, terminal.colors))
  if (backup !== undefined) terminal.print(`Backup: ${backup}`)
  terminal.print(print ? 'Nothing was written.' : next)
  return exitCode.done
}
