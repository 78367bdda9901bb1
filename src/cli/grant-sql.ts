import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import { AppError } from '../base/error.ts'
import type { DeclaredSource } from '../tools/served-source.ts'
import { toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface GrantSqlOptions {
  readonly target: string
  readonly role: string
  readonly json?: boolean
}

const catalogMs = 30_000

/** Prints the SQL that makes a role which can read what the config shows, and nothing else. */
export async function grantSql(
  { target, role, json = false }: GrantSqlOptions,
  terminal: Terminal,
): Promise<number> {
  const app = await openApp(await toConfig(target))
  try {
    const written = await writeAll(app, role)
    if (json) terminal.print(JSON.stringify({ sources: Object.fromEntries(written) }))
    else for (const [source, lines] of written) terminal.print(toText(source, lines))
    return exitCode.done
  } finally {
    await app.close()
  }
}

async function writeAll({ sources }: App, role: string): Promise<[string, readonly string[]][]> {
  const written: [string, readonly string[]][] = []
  for (const [name, declared] of sources) {
    const lines = await write(declared, role)
    if (lines !== undefined) written.push([name, lines])
  }
  if (written.length > 0) return written
  throw new AppError(
    'invalid_input',
    'None of the sources has roles: theirs is who may read the file.',
    {
      hint: 'Run Vitrine as a user who may not write it.',
    },
  )
}

/** Undefined for an engine without roles. */
async function write(
  declared: DeclaredSource,
  role: string,
): Promise<readonly string[] | undefined> {
  const { source, guard, limits } = await declared.open()
  if (source.grantSql === undefined) return undefined
  const whole = await source.catalog(AbortSignal.timeout(catalogMs))
  return source.grantSql({ role, whole, shown: guard.show(whole), timeoutMs: limits.timeoutMs })
}

/** To be piped into the engine's own client: what is not SQL is a comment. */
const toText = (source: string, lines: readonly string[]): string =>
  [
    `-- ${source}: run this as the owner of its tables, and give the role a password.`,
    ...lines,
  ].join('\n')
