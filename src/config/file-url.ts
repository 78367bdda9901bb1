import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { wrongUrl } from './wrong-url.ts'

/** `<scheme>:<absolute path>` for an engine that lives in a file. */
export function toFileUrl(scheme: string, path: string, folder: string): string {
  if (path === '' || path === ':memory:') throw wrongUrl('it names no file')
  if (path.includes('\0')) throw wrongUrl('a path cannot hold a NUL character')
  if (/\?\w+=/.test(path)) {
    throw wrongUrl('options after "?" are not used, for a database is always opened read-only')
  }
  return `${scheme}:${toAbsolute(path, folder)}`
}

/** An absolute path; `~` is the home folder, and a Windows path stays as it is on every system. */
export function toAbsolute(path: string, folder: string): string {
  if (isDrivePath(path)) return path
  if (/^~(?=[\\/]|$)/.test(path)) return join(homedir(), path.slice(1))
  return resolve(folder, path)
}

/** True for a text without a scheme that may be the path of a SQLite file. */
export const looksLikeSqlite = (text: string): boolean =>
  /[\\/]|^[.~]|\.(db3?|s3?db|sl3|sqlite3?)$/i.test(text)

/** The path behind a scheme: `///abs` is one behind an empty authority, `///C:/abs` a Windows one (RFC 8089). */
export function filePath(rest: string): string {
  const path = rest.replace(/^\/\/(?:localhost(?=\/))?/, '').replace(/^\/(?=[a-z]:[\\/])/i, '')
  if (!rest.startsWith('//') || /^[/.~]/.test(path) || isDrivePath(path)) return path
  throw wrongUrl(
    'behind "//" comes the "/" of an absolute path; a relative one has no "//" before it',
  )
}

const isDrivePath = (text: string): boolean => /^[a-z]:[\\/]/i.test(text)

/** As a file: URL writes it. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw wrongUrl('a "%" in a file: URL begins an escape such as %20')
  }
}
