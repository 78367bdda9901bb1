import { readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../base/error.ts'
import { type Keyword, type Keywords, parseUrl } from './parse-url.ts'

const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type TlsMode = (typeof tlsModes)[number]

/** Where the database is and how it is reached, with everything filled in. */
export interface ConnectOptions {
  /** A name, an address, or the folder of a socket where it begins with `/`. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Undefined where a password file may have it. */
  readonly password: string | undefined
  readonly database: string
  readonly applicationName: string
  /** Settings for the session, as `-c name=value`. */
  readonly options: string | undefined
  readonly connectMs: number
  readonly tlsMode: TlsMode
  readonly rootCertificate: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
  /** The password proves that it goes to the server whose certificate was shown. */
  readonly bindsChannel: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const variables: Readonly<Partial<Record<Keyword, string>>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  service: 'PGSERVICE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  channel_binding: 'PGCHANNELBINDING',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
}

const defaultConnectSeconds = 10

/** As libpq does: the URL first, then the service it names, then the environment. */
export function toConnectOptions(
  url: string,
  environment: Environment = process.env,
): ConnectOptions {
  const written = parseUrl(url)
  const surrounding = fromEnvironment(environment)
  const service = written.service ?? surrounding.service
  const words: Keywords = {
    ...surrounding,
    ...(service === undefined ? {} : readService(service, environment)),
    ...written,
  }
  const user = words.user ?? accountName()
  return {
    host: words.host ?? 'localhost',
    port: toPort(words.port),
    user,
    password: words.password,
    database: words.dbname ?? user,
    applicationName: words.application_name ?? 'vitrine',
    options: words.options,
    connectMs: 1000 * (Number(words.connect_timeout) || defaultConnectSeconds),
    tlsMode: toTlsMode(words.sslmode),
    rootCertificate: words.sslrootcert,
    certificate: words.sslcert,
    key: words.sslkey,
    bindsChannel: words.channel_binding === 'require',
  }
}

const fromEnvironment = (environment: Environment): Keywords =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([word, variable]) => {
      const value = environment[variable]
      return value === undefined || value === '' ? [] : [[word, value]]
    }),
  )

/** https://www.postgresql.org/docs/current/libpq-pgservice.html */
function readService(name: string, environment: Environment): Keywords {
  const files = [
    environment['PGSERVICEFILE'] ?? join(homedir(), '.pg_service.conf'),
    join(environment['PGSYSCONFDIR'] ?? '/etc/postgresql-common', 'pg_service.conf'),
  ]
  for (const file of files) {
    const words = sectionOf(name, linesOf(file))
    if (words !== undefined) return words
  }
  throw new AppError('config_invalid', `There is no service ${name} in a service file.`, {
    hint: 'Name the file in PGSERVICEFILE, or write the database as a URL.',
    detail: `There is no service ${name} in ${files.join(' or ')}.`,
  })
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}

function sectionOf(name: string, lines: readonly string[]): Keywords | undefined {
  const start = lines.findIndex((line) => line.trim() === `[${name}]`)
  if (start === -1) return undefined
  const length = lines.slice(start + 1).findIndex((line) => line.trim().startsWith('['))
  const section = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length)
  return Object.fromEntries(
    section.flatMap((line) => {
      const [, word, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
      return word === undefined ? [] : [[word, value]]
    }),
  )
}

function accountName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without a name, as in some containers.
    return 'postgres'
  }
}

function toPort(text = '5432'): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new AppError('config_invalid', 'The port of a PostgreSQL database is a number to 65535.')
}

function toTlsMode(text = 'prefer'): TlsMode {
  const mode = tlsModes.find((one) => one === text)
  if (mode !== undefined) return mode
  throw new AppError('config_invalid', 'sslmode is none that works here.', {
    hint: `Write one of ${tlsModes.join(', ')}; verify-full is the one that knows the server.`,
  })
}
