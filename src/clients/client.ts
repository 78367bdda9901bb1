/** MCP clients whose configuration Vitrine can write: where it is, and what an entry looks like. */
import { join } from 'node:path'
import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'

/** What a path depends on; given, so that tests can be on any system. */
export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  /** The project that a project's file belongs to. */
  readonly cwd: string
}

export interface Client {
  readonly id: string
  readonly title: string
  /** The key of the map of servers. */
  readonly serversKey: 'mcpServers' | 'servers'
  /** What the client wants in an entry beside command, args and env. */
  readonly extra: Readonly<Record<string, string>>
  /** The file it reads; `user`: the one for all projects, where it knows the difference. */
  path(where: Surroundings, user: boolean): string
  /** What the person does next. */
  next(user: boolean): string
}

const claudeDesktop: Client = {
  id: 'claude-desktop',
  title: 'Claude Desktop',
  serversKey: 'mcpServers',
  extra: {},
  path: (where) => join(userConfigFolder(where), 'Claude', 'claude_desktop_config.json'),
  next: () => 'Quit Claude Desktop (not only its window) and open it again.',
}

const claudeCode: Client = {
  id: 'claude-code',
  title: 'Claude Code',
  serversKey: 'mcpServers',
  extra: {},
  path: ({ cwd, home }, user) => (user ? join(home, '.claude.json') : join(cwd, '.mcp.json')),
  next: (user) =>
    user
      ? 'Start claude in any folder; a claude that runs must be started again.'
      : 'Start claude in this folder; it asks once whether to trust the server.',
}

const cursor: Client = {
  id: 'cursor',
  title: 'Cursor',
  serversKey: 'mcpServers',
  extra: {},
  path: ({ cwd, home }, user) => join(user ? home : cwd, '.cursor', 'mcp.json'),
  next: () => 'Switch the server on in Cursor: Settings, MCP.',
}

const vscode: Client = {
  id: 'vscode',
  title: 'VS Code',
  serversKey: 'servers',
  extra: { type: 'stdio' },
  path: (where, user) =>
    user
      ? join(userConfigFolder(where), 'Code', 'User', 'mcp.json')
      : join(where.cwd, '.vscode', 'mcp.json'),
  next: () => 'Open the file in VS Code and press Start above the entry.',
}

const clients: readonly Client[] = [claudeDesktop, claudeCode, cursor, vscode]

export function clientNamed(id: string): Client {
  const found = clients.find((client) => client.id === id)
  if (found !== undefined) return found
  const ids = clients.map((client) => client.id)
  throw new AppError('invalid_input', `There is no client ${id}.`, {
    hint: choices(id, 'Clients', ids),
  })
}

/** Where programs keep what belongs to a user, on each system. */
function userConfigFolder({ platform, env, home }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  return env['XDG_CONFIG_HOME'] ?? join(home, '.config')
}
