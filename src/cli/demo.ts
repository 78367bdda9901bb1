import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { AppError } from '../base/error.ts'
import { Asker, type ServerCommand } from '../demo/asker.ts'
import { questions } from '../demo/questions.ts'
import { makeShop } from '../demo/shop.ts'
import { DemoPage, isAsExpected } from './demo-page.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface DemoOptions {
  readonly json?: boolean
  /** Where the sample database goes; a temporary folder where not given. */
  readonly keep?: string
  /** How Vitrine itself is started; the demo adds `serve sqlite:<path>`. */
  readonly serverCommand: ServerCommand
}

/** Makes the sample shop, serves it as a process of its own, and asks it through a real MCP client. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const stopped = new AbortController()
  const stop = (): void => stopped.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const path = options.keep === undefined ? temporaryPath() : resolve(options.keep)
    const page = new DemoPage(terminal, options.json ?? false)
    page.shop(await makeShop(path))
    // A Ctrl-C while the shop was made is heard only now.
    await new Promise((heard) => setImmediate(heard))
    await askAll({ path, ...options }, page, stopped.signal)
    page.end(connectCommand(options.serverCommand, path))
    return page.asked.every(isAsExpected) ? exitCode.done : exitCode.failed
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** In the temporary folder of this system. */
function temporaryPath(): string {
  try {
    return join(ownFolder(), 'shop.db')
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new AppError('invalid_input', `The folder ${tmpdir()} cannot be used (${code}).`, {
      hint: 'Say where the sample shop goes: vitrine demo --keep ./shop.db',
      cause,
    })
  }
}

/**
 * One folder for every run, so that a client that was connected stays so; another where somebody
 * else made the first.
 */
function ownFolder(): string {
  const folder = join(tmpdir(), 'vitrine-demo')
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined) {
    mkdirSync(folder, { mode: 0o700 })
    return folder
  }
  const isOurs = process.getuid === undefined || found.uid === process.getuid()
  return found.isDirectory() && isOurs ? folder : mkdtempSync(`${folder}-`)
}

async function askAll(
  { path, serverCommand: { command, args } }: DemoOptions & { readonly path: string },
  page: DemoPage,
  signal: AbortSignal,
): Promise<void> {
  const asker = new Asker({ command, args: [...args, 'serve', `sqlite:${path}`] }, signal)
  try {
    page.tools(await asker.start())
    for (const question of questions) page.answer({ question, answer: await asker.ask(question) })
  } catch (error) {
    await asker.close()
    if (!signal.aborted) page.said(asker.said)
    throw error
  }
  await asker.close()
}

function connectCommand({ args: [script = ''] }: ServerCommand, path: string): string {
  const installed = script.split(/[\\/]/).includes('node_modules')
  const near = relative('', script)
  const checkout = `node ${quote(near.startsWith('..') ? script : near)}`
  return `${installed ? 'npx vitrine' : checkout} connect claude-desktop ${quote(path)}`
}

function quote(path: string): string {
  if (/^[\w./\\:@+~-]+$/.test(path)) return path
  return process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
