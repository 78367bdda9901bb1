import type { Finding } from '../source.ts'
import type { Named, RoleFacts } from './describe-role.ts'
import type { ConnectOptions } from './options.ts'
import { verifiedBy } from './tls.ts'

/** How the connection stands, beside what the server says. */
export interface ConnectionFacts {
  readonly options: ConnectOptions
  readonly encrypted: boolean
  /** A pooler stands between. */
  readonly shared: boolean
}

/** A replica further behind than this answers with old rows. */
const tolerableLagSeconds = 60

/** What a person should know about the server, the way to it, and the role. */
export function toFindings(role: RoleFacts, connection: ConnectionFacts): readonly Finding[] {
  return [
    server(role, connection),
    encryption(connection),
    replica(role),
    ...(role.isSuperuser ? [superuser(role)] : rights(role)),
    readOnly(role),
  ].flatMap((finding) => finding ?? [])
}

const server = ({ version, role, database }: RoleFacts, { shared }: ConnectionFacts): Finding => ({
  level: 'ok',
  message: `PostgreSQL ${version}, database ${database}, as ${role}${shared ? ', through a connection pooler' : ''}`,
})

function encryption({ options, encrypted }: ConnectionFacts): Finding {
  const { host, tlsMode } = options
  if (host.startsWith('/')) return ok('The connection is a socket of this machine.')
  if (!encrypted && isLocal(host)) return ok('The connection is not encrypted, and stays here.')
  if (!encrypted) {
    return {
      level: 'warning',
      message: 'The connection is not encrypted: rows and password can be read on their way.',
      remedy: 'Add sslmode=verify-full to the URL; the server needs a certificate for that.',
    }
  }
  const verified = verifiedBy(options)
  if (verified === 'name') return ok('TLS, and the server has proved its name (verify-full).')
  if (isLocal(host)) return ok(`TLS (${tlsMode}), and the connection stays on this machine.`)
  const missing =
    verified === 'authority'
      ? 'the server has proved its authority, not its name'
      : 'the server has proved nothing: whoever stands between can read along'
  return {
    level: 'warning',
    message: `TLS with sslmode=${tlsMode}: encrypted, but ${missing}.`,
    remedy: 'Use sslmode=verify-full, with sslrootcert=… where the authority is your own.',
  }
}

const isLocal = (host: string): boolean => /^(localhost|127\.|::1$)/.test(host)

function replica({ isReplica, lagSeconds }: RoleFacts): Finding | undefined {
  if (!isReplica) return undefined
  if (lagSeconds === null) return ok('It is a replica; how far behind is not known.')
  if (lagSeconds <= tolerableLagSeconds) return ok(`It is a replica, ${lagSeconds} s behind.`)
  return {
    level: 'warning',
    message: `It is a replica and ${lagSeconds} s behind its primary: answers are that old.`,
    remedy: 'Look at pg_stat_replication on the primary, or tell the model in `description`.',
  }
}

const anotherRole =
  'Use a role that can only read what is shown: `vitrine doctor --grant-sql <role>` prints its SQL.'

const superuser = ({ role }: RoleFacts): Finding => ({
  level: 'problem',
  message: `The role ${role} is a superuser: it may do anything, also outside the database.`,
  remedy: anotherRole,
})

/** Memberships that reach out of the database; every other one of the server's own is told too. */
const reachesOut = new Set([
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_execute_server_program',
])

function rights(facts: RoleFacts): Finding[] {
  const { role, attributes, memberships, writable, creatable, mayCreateSchemas, reaching } = facts
  const outside = memberships.filter((name) => reachesOut.has(name))
  const others = memberships.filter((name) => !reachesOut.has(name) && name !== 'pg_read_all_data')
  const found = [
    tell(attributes.length > 0, `The role ${role} has ${attributes.join(', ')}.`),
    outside.length === 0
      ? undefined
      : {
          level: 'problem' as const,
          message: `The role ${role} is a member of ${outside.join(', ')}: it reaches the server's files.`,
          remedy: `REVOKE ${outside.join(', ')} FROM ${role};`,
        },
    tell(others.length > 0, `The role ${role} is a member of ${others.join(', ')}.`),
    tell(writable.count > 0, `The role ${role} may write ${list(writable, 'tables')}.`),
    tell(creatable.count > 0, `The role ${role} may create in ${list(creatable, 'schemas')}.`),
    tell(mayCreateSchemas, `The role ${role} may create schemas in the database.`),
    tell(
      reaching.count > 0,
      `The role ${role} may call ${list(reaching, 'functions')}, which reach beyond its own rights.`,
      `REVOKE EXECUTE ON FUNCTION … FROM PUBLIC; and grant it to the roles that need it.`,
    ),
  ].flatMap((finding) => finding ?? [])
  return found.length > 0 ? found : [ok(`The role ${role} can read and nothing else.`)]
}

const tell = (
  applies: boolean,
  message: string,
  remedy: string = anotherRole,
): Finding | undefined => (applies ? { level: 'warning', message, remedy } : undefined)

const list = ({ names, count }: Named, what: string): string =>
  count > names.length
    ? `${count} ${what}, such as ${names.join(', ')}`
    : `the ${what} ${names.join(', ')}`

const readOnly = ({ role, readOnlyByDefault }: RoleFacts): Finding =>
  readOnlyByDefault
    ? ok('Transactions of this role are read-only by default.')
    : {
        level: 'warning',
        message: 'Transactions of this role may write unless told otherwise. Vitrine tells them.',
        remedy: `For a second lock: ALTER ROLE ${role} SET default_transaction_read_only = on;`,
      }

const ok = (message: string): Finding => ({ level: 'ok', message })
