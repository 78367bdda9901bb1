import type { Catalog } from '../catalog.ts'
import type { Finding } from '../source.ts'
import { grantSql } from './grant-sql.ts'
import type { EngineFacts } from './read-engine.ts'
import type { ServerAddress } from './server-url.ts'
import type { MysqlFacts } from './terms.ts'

/** What a person should know about this server and this user, worst last. */
export function toFindings(
  server: ServerAddress,
  facts: EngineFacts,
  catalog: Catalog,
): readonly Finding[] {
  return [
    engine(facts),
    replica(facts),
    views(catalog),
    encryption(server, facts),
    rights(facts, catalog),
  ].flatMap((finding) => finding ?? [])
}

const engine = ({ product, version, user, readOnlyServer }: EngineFacts): Finding => ({
  level: 'ok',
  message: `${product} ${version}, user ${user}${readOnlyServer ? ', a server that is read-only' : ''}`,
})

/** Seconds behind its source from which on answers are called old. */
const oldSeconds = 60

function replica({ replica: state }: EngineFacts): Finding | undefined {
  if (state === undefined) return undefined
  const { running, secondsBehind } = state
  if (!running) {
    return {
      level: 'problem',
      message: 'This replica has stopped: its rows grow old.',
      remedy: 'See SHOW REPLICA STATUS for the reason, then START REPLICA.',
    }
  }
  const behind = secondsBehind === null ? 'an unknown time' : `${secondsBehind} s`
  const isOld = secondsBehind === null || secondsBehind > oldSeconds
  return { level: isOld ? 'warning' : 'ok', message: `A replica, ${behind} behind its source.` }
}

/** Views whose text this user may not see are refused: nobody can tell what they call. */
function views({ facts }: Catalog): Finding | undefined {
  const { views: all, database } = facts as MysqlFacts
  const dark = all.filter(
    ({ schema, text }) => text === '' && (database === undefined || schema === database),
  )
  if (dark.length === 0) return undefined
  return {
    level: 'warning',
    message: `${dark.length} views are refused, because this user may not see what they are made of.`,
    remedy: `GRANT SHOW VIEW on them, such as ${dark[0]?.schema}.${dark[0]?.name}.`,
  }
}

const localHosts = new Set(['localhost', '127.0.0.1', '::1'])

function encryption({ host, socketPath, tls }: ServerAddress, facts: EngineFacts): Finding {
  if (socketPath !== undefined) return { level: 'ok', message: 'Connected by a Unix socket.' }
  if (facts.tls === undefined) {
    if (localHosts.has(host)) return { level: 'ok', message: 'Not encrypted, on this machine.' }
    return {
      level: 'problem',
      message: 'The connection is not encrypted: password and rows can be read on the way.',
      remedy:
        'Add ?ssl-mode=verify-full to the URL, and &ssl-ca=… where the authority is your own.',
    }
  }
  if (tls === 'verify')
    return { level: 'ok', message: `${facts.tls}, certificate and name checked.` }
  const unchecked = tls === 'verify-ca' ? "the server's name is" : 'certificate and name are'
  return {
    level: 'warning',
    message: `${facts.tls}, but ${unchecked} not checked: another server could answer.`,
    remedy: 'Write ?ssl-mode=verify-full in the URL.',
  }
}

/** Rights that do no more than read tables and see definitions. */
const reading = new Set(['USAGE', 'SELECT', 'SHOW VIEW', 'SHOW DATABASES', 'SHOW_ROUTINE'])

const ruling = /\b(?:ALL PRIVILEGES|SUPER|FILE|GRANT OPTION|SHUTDOWN|CREATE USER|SYSTEM_USER)\b/

function rights({ grants, user }: EngineFacts, catalog: Catalog): Finding {
  const words = [...new Set(grants.flatMap(rightsOf))]
  const beyond = words.filter((word) => !reading.has(word))
  if (beyond.length === 0) return { level: 'ok', message: `${user} can read and nothing else.` }
  const rules = beyond.some((word) => ruling.test(word)) || user.startsWith('root@')
  const listed = beyond.length > 6 ? `${beyond.slice(0, 6).join(', ')} …` : beyond.join(', ')
  return {
    level: 'warning',
    message: rules
      ? `${user} rules this server (${listed}): only the guard and the read-only session keep it from writing.`
      : `${user} can do more than read (${listed}).`,
    remedy: remedy(catalog),
  }
}

/** `GRANT SELECT, INSERT ON …`; columns in parentheses and roles (`GRANT r TO u`) do not count. */
function rightsOf(grant: string): string[] {
  const list = /^GRANT (.*?) ON /s.exec(grant)?.[1] ?? ''
  const words = list
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((word) => word.trim())
  return [...words, ...(/WITH GRANT OPTION/.test(grant) ? ['GRANT OPTION'] : [])].filter(
    (word) => word !== '',
  )
}

const mostGrants = 20

function remedy({ tables, facts }: Catalog): string {
  const { database = '' } = facts as MysqlFacts
  const granted = tables.map((table) => ({ table, columns: [], isPart: false }))
  const lines = grantSql(granted, { name: 'vitrine', database })
  const shown = lines.slice(0, mostGrants + 1).join(' ')
  const rest = lines.length > mostGrants + 1 ? ' … and so on for every table.' : ''
  return `Make a user who can only read, and put it into the URL: ${shown}${rest}`
}
