import { AppError } from '../../base/error.ts'
import { didYouMean } from '../../base/nearest.ts'

/** Words of libpq that have a meaning here (https://www.postgresql.org/docs/current/libpq-connect.html). */
const known = [
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'service',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
  'application_name',
  'connect_timeout',
  'options',
] as const

export type Keyword = (typeof known)[number]
export type Keywords = Readonly<Partial<Record<Keyword, string>>>

/**
 * Words that change nothing here: connections are kept alive, text is UTF-8, there is one host. The
 * last ones are of other programs, which share their URL with this one.
 */
const ignored: ReadonlySet<string> = new Set(
  `keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout client_encoding
  fallback_application_name target_session_attrs gssencmode sslsni sslcompression ssl_min_protocol_version
  schema pgbouncer connection_limit pool_timeout pool_size statement_cache_size`.split(/\s+/),
)

/**
 * The parts of `postgres://user:password@host:port/database?word=value`; each may be left out.
 * @throws AppError `config_invalid`, never with a part of the URL: it may hold a password.
 */
export function parseUrl(url: string): Keywords {
  const found =
    /^postgres(?:ql)?:(?:\/\/(?:([^/?#]*)@)?([^@/?#]*))?(?:\/([^/?#]*))?(?:\?([^#]*))?$/is.exec(url)
  if (found === null) {
    throw wrong('it is not made as postgres://user:password@host:5432/database', escapeHint)
  }
  const [, login = '', place = '', database = '', query = ''] = found
  return {
    ...parseLogin(login),
    ...parsePlace(place),
    ...named({ dbname: database }),
    ...parseQuery(query),
  }
}

const escapeHint =
  'In a user name or password the characters : / ? # @ % are written %3A %2F %3F %23 %40 %25.'

function parseLogin(login: string): Keywords {
  const [user = '', ...rest] = login.split(':')
  return named({ user, password: rest.join(':') })
}

function parsePlace(place: string): Keywords {
  if (place.includes(',')) throw wrong('several hosts are not supported; name one')
  const [, bracketed, plain = '', port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(place) ?? []
  if (place !== '' && bracketed === undefined && plain === '' && port === '') {
    throw wrong('behind the host comes a colon and a port', escapeHint)
  }
  return named({ host: bracketed ?? plain, port })
}

function parseQuery(query: string): Keywords {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return Object.assign({}, ...pairs.map(parsePair)) as Keywords
}

function parsePair(pair: string): Keywords {
  const [name = '', ...rest] = pair.split('=')
  const value = rest.join('=')
  // As JDBC and libpq have it.
  if (name === 'ssl') return { sslmode: value === 'true' || value === '1' ? 'require' : 'disable' }
  if (ignored.has(name)) return {}
  if (known.includes(name as Keyword)) return named({ [name]: value })
  throw wrong(
    `it has no option called ${/^\w{1,40}$/.test(name) ? name : 'so'}`,
    didYouMean(name, known) ?? `Options: ${known.join(', ')}.`,
  )
}

/** Decoded, and without what is empty. */
function named(parts: Partial<Record<string, string>>): Keywords {
  const filled = Object.entries(parts).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(filled.map(([name, value]) => [name, decoded(value ?? '')]))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('a "%" begins an escape such as %25', escapeHint)
  }
}

const wrong = (reason: string, hint?: string): AppError =>
  new AppError('config_invalid', `this is not a PostgreSQL URL that works: ${reason}.`, { hint })
