import { AppError } from '../../base/error.ts'
import type { PostgresFacts } from '../../sources/postgres/facts.ts'
import type { Inspection } from './inspect.ts'

/**
 * Settings of the server that may hold a password: connection strings, and commands with all that stands
 * in them (https://www.postgresql.org/docs/current/runtime-config.html).
 */
const secrets = [
  'archive_cleanup_command',
  'archive_command',
  'primary_conninfo',
  'recovery_end_command',
  'restore_command',
  'ssl_passphrase_command',
]

/** What stands in for pg_settings. */
export const withoutSecrets = (settings: string): string =>
  `SELECT * FROM ${settings} WHERE name <> ALL ('{${secrets.join(',')}}')`

/** What stands in for SHOW ALL. */
export const allSettings = `
  SELECT name, setting, short_desc AS description
  FROM (${withoutSecrets('pg_catalog.pg_settings')}) AS settings`

export interface SettingsRule {
  readonly facts: PostgresFacts
  /** Those that say who asks. */
  readonly identity: readonly string[]
}

/**
 * Settings with a name of two parts are somebody's own, and may hold a key: they are closed unless a
 * module of the server has them or they say who asks.
 * @throws AppError `not_open`
 */
export function checkSettings(
  { settings, functions }: Inspection,
  { facts, identity }: SettingsRule,
): void {
  const open = new Set([...facts.moduleSettings, ...identity.map((name) => name.toLowerCase())])
  const isOpen = (setting: string): boolean =>
    setting.includes('.') ? open.has(setting) : !secrets.includes(setting)
  const calls = functions.filter(({ name }) => name === 'current_setting')
  for (const setting of [...settings, ...calls.map(({ text }) => text)]) {
    if (setting === undefined) throw unnamed()
    if (!isOpen(setting.toLowerCase())) throw notOpen(setting)
  }
}

const notOpen = (setting: string): AppError =>
  new AppError('not_open', `The setting ${setting} is not open here.`, {
    hint: "Settings of one word can be read, and those of the server's modules.",
  })

const unnamed = (): AppError =>
  new AppError('not_open', 'current_setting() may not be asked for just any setting.', {
    hint: "Write the setting's name as a text: current_setting('work_mem').",
  })
