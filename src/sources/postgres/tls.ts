import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { AppError } from '../../base/error.ts'
import type { ConnectOptions, TlsMode } from './options.ts'

/** What the connection proves of the server, as `vitrine doctor` tells it. */
export type Verified = 'nothing' | 'authority' | 'name'

/**
 * What libpq means by each mode: `require` encrypts and asks nothing of the certificate, unless there
 * is a root certificate, and then it is verify-ca
 * (https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS).
 */
export function verifiedBy({ tlsMode, rootCertificate }: ConnectOptions): Verified {
  if (tlsMode === 'verify-full') return 'name'
  if (tlsMode === 'verify-ca') return 'authority'
  return tlsMode === 'require' && rootOf(rootCertificate) !== undefined ? 'authority' : 'nothing'
}

/** The attempts to connect, in order: with these options of TLS, or without it. */
export function tlsAttempts(options: ConnectOptions): readonly (ConnectionOptions | false)[] {
  const attempts: Readonly<Record<TlsMode, readonly boolean[]>> = {
    disable: [false],
    prefer: [true, false],
    require: [true],
    'verify-ca': [true],
    'verify-full': [true],
  }
  // A socket in the file system leads to this machine alone.
  if (options.host.startsWith('/')) return [false]
  return attempts[options.tlsMode].map((encrypted) => encrypted && toTls(options))
}

function toTls(options: ConnectOptions): ConnectionOptions {
  const { certificate, key } = options
  const own = {
    ...(certificate === undefined ? {} : { cert: read(certificate, 'sslcert') }),
    ...(key === undefined ? {} : { key: read(key, 'sslkey') }),
  }
  const verified = verifiedBy(options)
  if (verified === 'nothing') return { ...own, rejectUnauthorized: false }
  const ca = toAuthorities(options)
  const authorities = ca === undefined ? {} : { ca }
  if (verified === 'name') return { ...own, ...authorities, rejectUnauthorized: true }
  return {
    ...own,
    ...authorities,
    rejectUnauthorized: true,
    checkServerIdentity: () => undefined,
  }
}

/** Undefined for the authorities that Node trusts; those prove a name, and nothing without one. */
function toAuthorities({ tlsMode, rootCertificate }: ConnectOptions): Buffer | undefined {
  const root = rootOf(rootCertificate)
  if (root !== undefined) return read(root, 'sslrootcert')
  if (tlsMode === 'verify-full') return undefined
  throw new AppError('config_invalid', 'sslmode=verify-ca needs an authority to trust.', {
    hint: 'Name its certificate as sslrootcert=/path/ca.crt, or use sslmode=verify-full.',
  })
}

/** The file named, or where libpq looks for one. */
function rootOf(rootCertificate: string | undefined): string | undefined {
  if (rootCertificate === 'system') return undefined
  if (rootCertificate !== undefined) return rootCertificate
  const usual = join(homedir(), '.postgresql', 'root.crt')
  return statSync(usual, { throwIfNoEntry: false }) === undefined ? undefined : usual
}

function read(path: string, word: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new AppError('config_invalid', `The file that ${word} names cannot be read.`, {
      detail: `${path}, named by ${word}, cannot be read.`,
      cause,
    })
  }
}
