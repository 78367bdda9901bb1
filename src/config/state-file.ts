import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A file of this user's for what is served, the same for every process that serves it.
 *
 * @param served the path of the config, or what `toServed` gives for the URL of a database
 * @example stateFile('jobs', '/srv/vitrine.yaml', 'db', env) // ~/.local/state/vitrine/jobs-1f0c….db
 */
function stateFile(
  kind: string,
  { served, env }: { readonly served: string; readonly env: NodeJS.ProcessEnv },
  ending: string,
): string {
  const hash = createHash('sha256').update(served).digest('hex').slice(0, 16)
  return join(stateFolder(env), 'vitrine', `${kind}-${hash}.${ending}`)
}

/** The URL of the file that jobs are kept in where the config names no store. */
export const jobsFile = (served: string, env: NodeJS.ProcessEnv): string =>
  `sqlite:${stateFile('jobs', { served, env }, 'db')}`

/** The file by which the processes of one config tell one another what to forget. */
export const cacheFile = (served: string, env: NodeJS.ProcessEnv): string =>
  stateFile('cache', { served, env }, 'log')

/** A URL without its password: a hash of it could be guessed. */
export const toServed = (url: string): string =>
  url.replace(/^([a-z]+:\/\/[^:@/?#]*):[^@/]*@/, '$1@').replace(/\?.*$/s, '')

/** https://specifications.freedesktop.org/basedir-spec: a path that is not absolute is left aside. */
function stateFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: named = '', LOCALAPPDATA: local } = env
  if (named.startsWith('/')) return named
  if (process.platform === 'win32') return local ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return join(homedir(), '.local', 'state')
}
