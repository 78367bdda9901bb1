import { AppError } from '../base/error.ts'
import { type Client, clientNamed, type Surroundings } from '../clients/client.ts'
import { entriesOf, putEntry, type Servers, takeEntry } from '../clients/edit.ts'
import { readConfiguration, writeConfiguration } from '../clients/file.ts'
import { type OwnCommand, servedBy } from '../clients/own-entry.ts'
import { formatDiff } from './diff.ts'
import { type EntryOptions, nameFor, toEntry } from './entry.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface ResolvedTarget {
  /** As it works from any folder. */
  readonly target: string
  /** Variables of this shell that the config uses. */
  readonly variables: readonly string[]
  /** What a config shows a part of, each as it would be served whole. */
  readonly databases: readonly string[]
}

export interface ConnectSurroundings extends Surroundings {
  readonly now: Date
  readonly ownCommand: OwnCommand
  /** Checks the target, and the group of it, and makes it work from any folder. */
  resolveTarget(target: string, group: string | undefined): Promise<ResolvedTarget>
}

export interface DisconnectOptions extends ConnectSurroundings {
  readonly name?: string
  readonly user?: boolean
  readonly print?: boolean
  readonly json?: boolean
}

export interface ConnectOptions extends DisconnectOptions, EntryOptions {
  readonly target: string
}

/** Writes the entry that makes the client start the server. */
export async function connect(
  id: string,
  options: ConnectOptions,
  terminal: Terminal,
): Promise<number> {
  const client = clientNamed(id)
  const { target, variables, databases } = await options.resolveTarget(
    options.target,
    options.group,
  )
  const name = nameFor(target, options.name)
  const servers = await readServers(client, options)
  refuseOthers(servers, { name, target }, options.ownCommand)
  const entry = toEntry(client, target, options)
  const after = putEntry(servers, name, entry)
  const code = await apply({ client, name, servers, after }, options, terminal)
  const left = variables.filter((one) => !options.variables?.includes(one))
  if (left.length > 0) terminal.note(notCopied(left, client))
  for (const [other, served] of ownEntries(servers, options.ownCommand)) {
    if (other !== name && databases.includes(served)) terminal.note(servedWhole(other, client))
  }
  return code
}

/** Takes the entry out again: the one of that name, or the only one that starts Vitrine. */
export async function disconnect(
  id: string,
  options: DisconnectOptions,
  terminal: Terminal,
): Promise<number> {
  const client = clientNamed(id)
  const servers = await readServers(client, options)
  const own = ownEntries(servers, options.ownCommand).map(([one]) => one)
  const name = options.name ?? onlyOne(own, client)
  if (name !== undefined && !own.includes(name)) throw notOurs(name, own, client)
  const after = name === undefined ? servers.text : takeEntry(servers, name)
  return apply({ client, name: name ?? 'vitrine', servers, after }, options, terminal)
}

async function readServers(client: Client, options: DisconnectOptions): Promise<Servers> {
  const path = client.path(options, options.user ?? false)
  return { path, text: await readConfiguration(path), serversKey: client.serversKey }
}

/** Those that start Vitrine, each with what it serves. */
const ownEntries = (servers: Servers, own: OwnCommand): [name: string, served: string][] =>
  [...entriesOf(servers)].flatMap(([name, entry]) => {
    const served = servedBy(entry, own)
    return served === undefined ? [] : [[name, served]]
  })

/** Another server's entry is not taken over, nor one of ours that serves something else. */
function refuseOthers(
  servers: Servers,
  { name, target }: { name: string; target: string },
  own: OwnCommand,
): void {
  const entries = entriesOf(servers)
  if (!entries.has(name)) return
  const served = servedBy(entries.get(name), own)
  if (served === target) return
  const whose = served === undefined ? 'another server' : 'a Vitrine that serves something else'
  throw new AppError(
    'client_config',
    `The name ${name} is taken in ${servers.path}: by ${whose}.`,
    {
      hint:
        served === undefined
          ? 'Give the server another name with --name.'
          : `Give the server another name with --name, or disconnect ${name} first.`,
    },
  )
}

function onlyOne(names: readonly string[], { title }: Client): string | undefined {
  if (names.length < 2) return names[0]
  throw new AppError('invalid_input', `${title} has several servers of Vitrine.`, {
    hint: `Say which with --name: ${names.join(', ')}.`,
  })
}

const notOurs = (name: string, own: readonly string[], { title }: Client): AppError =>
  new AppError('invalid_input', `${title} has no server of Vitrine that is called ${name}.`, {
    hint: own.length === 0 ? 'It has none at all.' : `Those of Vitrine: ${own.join(', ')}.`,
  })

const notCopied = (variables: readonly string[], { title }: Client): string =>
  `The config uses ${variables.join(', ')} of this shell, which ${title} may not have. ` +
  `To copy: ${variables.map((name) => `--env ${name}`).join(' ')}`

/** Two entries side by side: what the config closes would be open by the other one. */
const servedWhole = (name: string, { id, title }: Client): string =>
  `${title} has the same database as ${name} too, where all of it is open. ` +
  `To take that out: vitrine disconnect ${id} --name ${name}`

interface Edit {
  readonly client: Client
  readonly name: string
  readonly servers: Servers
  /** The text as it is to be. */
  readonly after: string
}

/** Shows the change, and makes it unless it is only to be shown. */
async function apply(edit: Edit, options: DisconnectOptions, terminal: Terminal): Promise<number> {
  const { servers, after } = edit
  const { path, text: before } = servers
  const { now, print = false, json = false } = options
  const changes = before !== after
  const write = changes && !print
  const backup = write ? await writeConfiguration({ path, before, after, now }) : undefined
  if (json) {
    terminal.print(JSON.stringify({ ...toJson(edit), changed: write, backup }))
    return exitCode.done
  }
  if (!changes) {
    terminal.print(`${path}\nNothing to change: it is so already.`)
    return exitCode.done
  }
  terminal.print(formatDiff({ path, before, after }, terminal.colors))
  if (backup !== undefined) terminal.print(`Backup: ${backup}`)
  terminal.print(print ? 'Nothing was written.' : nextStep(edit, options))
  return exitCode.done
}

/** The entry alone: what else is in the file may be secret. */
function toJson({ client, name, servers, after }: Edit): object {
  const entry = entriesOf({ ...servers, text: after }).get(name) ?? null
  return { client: client.id, name, path: servers.path, entry }
}

function nextStep(
  { client, name, servers, after }: Edit,
  { user = false }: DisconnectOptions,
): string {
  const isIn = entriesOf({ ...servers, text: after }).has(name)
  return isIn ? client.next(user) : `${client.title} forgets the server when it starts again.`
}
