import { AppError } from '../../base/error.ts'

/** How to reach a server, read from a URL; the password is in it, so it is never shown. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  /** A Unix socket, which goes before host and port. */
  readonly socketPath: string | undefined
  readonly user: string
  readonly password: string
  /** The one database that is shown; all of the server's where undefined. */
  readonly database: string | undefined
  readonly tls: TlsMode
  /** Files with the authorities to trust, and the client's own certificate and key. */
  readonly files: Readonly<Partial<Record<'ca' | 'cert' | 'key', string>>>
}

/** `verify` checks certificate and host name, `verify-ca` the certificate alone, `encrypt` neither. */
type TlsMode = 'off' | 'encrypt' | 'verify-ca' | 'verify'

const defaultPort = 3306

/**
 * Spellings of other clients (https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode).
 * Who asks for TLS gets TLS that verifies; `required` alone, as MySQL itself means it, does not.
 */
const tlsModes: Readonly<Record<string, TlsMode>> = {
  disabled: 'off',
  disable: 'off',
  false: 'off',
  '0': 'off',
  true: 'verify',
  '1': 'verify',
  verify: 'verify',
  'verify-full': 'verify',
  'verify-identity': 'verify',
  'verify-ca': 'verify-ca',
  required: 'encrypt',
  require: 'encrypt',
}

const tlsKeys = ['ssl-mode', 'sslmode', 'ssl', 'tls']
const fileKeys = { 'ssl-ca': 'ca', 'ssl-cert': 'cert', 'ssl-key': 'key' } as const
const knownKeys = [...tlsKeys, ...Object.keys(fileKeys), 'socket']

/**
 * Reads `mysql://user:password@host:port/database?ssl-mode=verify-full`.
 *
 * @throws AppError `config_invalid`; its message never holds the text, which may hold a password.
 */
export function parseServerUrl(text: string): ServerAddress {
  const { authority, path, search } = split(text)
  const options = toOptions(search)
  const { user, password, host, port } = readAuthority(authority)
  return {
    host,
    port,
    socketPath: options.get('socket'),
    user: user ?? 'root',
    password: password ?? '',
    database: path === '' ? undefined : decode(path),
    tls: toTlsMode(options),
    files: Object.fromEntries(
      Object.entries(fileKeys).flatMap(([key, name]) => {
        const file = options.get(key)
        return file === undefined ? [] : [[name, file]]
      }),
    ),
  }
}

/** Not `new URL`: a password with `#`, `?` or `/` would end up in the path. The last `@` ends it. */
function split(text: string): { authority: string; path: string; search: string } {
  const rest = text.replace(/^(?:mysql|mariadb):/i, '')
  if (!rest.startsWith('//')) throw wrong('it begins with mysql:// and a host')
  const at = rest.lastIndexOf('@')
  const end = rest.slice(Math.max(2, at)).search(/[/?]/)
  const authority = end === -1 ? rest.slice(2) : rest.slice(2, Math.max(2, at) + end)
  const [path = '', ...query] = rest.slice(2 + authority.length).split('?')
  const database = path.replace(/^\//, '').replace(/\/$/, '')
  if (database.includes('/')) throw wrong('behind the host stands one database')
  return { authority, path: database, search: query.join('?') }
}

function readAuthority(authority: string) {
  const at = authority.lastIndexOf('@')
  const [user, ...password] = at === -1 ? [] : authority.slice(0, at).split(':')
  const found = /^(?<host>\[[^\]]+\]|[^:]*)(?::(?<port>\d+))?$/.exec(authority.slice(at + 1))
  const { host = '', port = String(defaultPort) } = found?.groups ?? {}
  if (found === null || Number(port) > 65_535) throw wrong('host and port cannot be told')
  return {
    user: user === undefined ? undefined : decode(user),
    password: at === -1 ? undefined : decode(password.join(':')),
    host: host === '' ? 'localhost' : decode(host.replace(/^\[|\]$/g, '')),
    port: Number(port),
  }
}

function toOptions(search: string): ReadonlyMap<string, string> {
  const options = new Map(
    [...new URLSearchParams(search)].map(([key, value]) => [key.toLowerCase(), value] as const),
  )
  const unknown = [...options.keys()].find((key) => !knownKeys.includes(key))
  if (unknown !== undefined) {
    throw wrong(`it has an option that is not known; those that are: ${knownKeys.join(', ')}`)
  }
  return options
}

function toTlsMode(options: ReadonlyMap<string, string>): TlsMode {
  const key = tlsKeys.find((one) => options.has(one))
  const hasFiles = Object.keys(fileKeys).some((one) => options.has(one))
  if (key === undefined) return hasFiles ? 'verify' : 'off'
  const said = (options.get(key) ?? '').toLowerCase().replaceAll('_', '-')
  const mode = Object.hasOwn(tlsModes, said) ? tlsModes[said] : undefined
  if (mode !== undefined) return mode
  throw wrong(`${key} is one of ${Object.keys(tlsModes).join(', ')}`)
}

/** A `%` that begins no escape stands for itself: passwords are pasted as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const wrong = (reason: string): AppError =>
  new AppError('config_invalid', `this is not a database URL that works: ${reason}.`, {
    hint: 'Write it as mysql://user:password@host:3306/database, with ?ssl-mode=verify-full for TLS.',
  })
