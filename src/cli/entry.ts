/** The entry that `connect` writes: its name, its command, the variables it takes along. */
import { basename } from 'node:path'
import { AppError } from '../base/error.ts'
import { version } from '../base/version.ts'
import type { Client, Surroundings } from '../clients/client.ts'
import type { Entry } from '../clients/edit.ts'
import type { OwnCommand } from '../clients/own-entry.ts'

export interface EntryOptions extends Surroundings {
  readonly ownCommand: OwnCommand
  /** Serve this group of the config alone. */
  readonly group?: string
  /** Start by npx instead of this very installation. */
  readonly npx?: boolean
  /** Names of variables to copy into the entry. */
  readonly variables?: readonly string[]
}

export function toEntry(client: Client, target: string, options: EntryOptions): Entry {
  const { command, args } = options.npx === true ? npxCommand(options) : options.ownCommand
  const variables = (options.variables ?? []).map((name) => [name, valueOf(name, options)] as const)
  const group = options.group === undefined ? [] : ['--group', options.group]
  return {
    ...client.extra,
    command,
    args: [...args, 'serve', target, ...group],
    ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }),
  }
}

/** The name that was asked for, or one made from the target's. */
export function nameFor(target: string, asked: string | undefined): string {
  const name = asked ?? nameOf(target)
  if (/^[a-zA-Z0-9_-]{1,40}$/.test(name)) return name
  throw new AppError('invalid_input', `A client cannot call a server "${name}".`, {
    hint: 'A name is up to 40 letters, digits, _ and -.',
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

/** A program of npm is a script on Windows, which only its shell starts. */
function npxCommand({ platform }: Surroundings): OwnCommand {
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
