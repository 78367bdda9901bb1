import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'

const schemes = ['sqlite:']

export const workingSchemes = `Schemes that work: ${schemes.join(', ')}.`

/**
 * The normal form of a database URL, `sqlite:<absolute path>`; a relative path is taken from `folder`.
 *
 * @throws AppError whose message names the scheme at most, which is then its `subject`: what was
 *   meant to be a URL may hold a password.
 */
export function normalizeUrl(text: string, folder: string): string {
  const path = toPath(text.trim())
  if (path === '' || path === ':memory:') throw wrong('it names no file')
  if (path.includes('\0')) throw wrong('a path cannot hold a NUL character')
  if (/\?\w+=/.test(path)) {
    throw wrong('options after "?" are not used, for a database is always opened read-only')
  }
  return `sqlite:${toAbsolute(path, folder)}`
}

/** An absolute path; `~` is the home folder, and a Windows path stays as it is on every system. */
export function toAbsolute(path: string, folder: string): string {
  if (isDrivePath(path)) return path
  if (/^~(?=[\\/]|$)/.test(path)) return join(homedir(), path.slice(1))
  return resolve(folder, path)
}

function toPath(text: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(text) ?? []
  if (scheme === undefined) return barePath(text)
  const rest = text.slice(scheme.length + 1)
  if (scheme.toLowerCase() === 'sqlite') return withoutAuthority(rest)
  if (scheme.toLowerCase() === 'file') return decoded(withoutAuthority(rest))
  throw unknownScheme(scheme)
}

function barePath(text: string): string {
  if (/[\\/]|^[.~]|\.(db3?|s3?db|sl3|sqlite3?)$/i.test(text)) return text
  throw wrong('it is neither a URL nor the path of a SQLite file')
}

/** `///abs` is a path behind an empty authority, `///C:/abs` a Windows one (RFC 8089). */
function withoutAuthority(rest: string): string {
  const path = rest.replace(/^\/\/(?:localhost(?=\/))?/, '').replace(/^\/(?=[a-z]:[\\/])/i, '')
  if (!rest.startsWith('//') || /^[/.~]/.test(path) || isDrivePath(path)) return path
  throw wrong('behind "//" comes the "/" of an absolute path; a relative one has no "//" before it')
}

const isDrivePath = (text: string): boolean => /^[a-z]:[\\/]/i.test(text)

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw wrong('a "%" in a file: URL begins an escape such as %20')
  }
}

function unknownScheme(scheme: string): AppError {
  const message = `there is no driver for ${scheme}: databases. ${workingSchemes}`
  const hint = didYouMean(`${scheme}:`, schemes) ?? example
  return new AppError('config_invalid', message, { hint, subject: scheme })
}

const example = 'Write the database as a URL, such as sqlite:./shop.db or sqlite:/data/shop.db.'

const wrong = (reason: string): AppError =>
  new AppError('config_invalid', `this is not a database URL that works: ${reason}.`, {
    hint: example,
  })
