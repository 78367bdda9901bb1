import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import { openBus } from '../cache/open-bus.ts'
import type { Scope } from '../cache/drop.ts'
import type { Config } from '../config/config.ts'
import { toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'

export interface CacheClearOptions {
  readonly target: string
  readonly source?: string
  readonly scope: Scope
  readonly json?: boolean
}

/** `vitrine cache clear`: tells every server of a config what to forget, over what its processes share. */
export async function cacheClear(
  { target, source, scope, json = false }: CacheClearOptions,
  terminal: Terminal,
): Promise<number> {
  const { cache, sources } = await toConfig(target)
  const names = sources.map(({ name }) => name)
  if (source !== undefined && !names.includes(source)) throw noSuchSource(source, names)
  const told = await tell(cache, { source, scope })
  if (json) terminal.print(JSON.stringify({ source, scope, ...(told !== undefined && { told }) }))
  else
    terminal.print(
      `Told ${toWhom(told)} to forget ${things[scope]} of ${source ?? names.join(', ')}.`,
    )
  return exitCode.done
}

async function tell(
  cache: Config['cache'],
  drop: { readonly source: string | undefined; readonly scope: Scope },
): Promise<number | undefined> {
  // What keeps it from telling is told by the error.
  const bus = await openBus({ ...cache, note: () => undefined })
  try {
    return await bus.publish(drop)
  } finally {
    bus.close()
  }
}

/** Over a Redis it is known who listens. */
function toWhom(told: number | undefined): string {
  if (told === undefined) return 'the servers of this machine, which look every second,'
  return told === 1 ? 'one process' : `${told} processes`
}

const things: Readonly<Record<Scope, string>> = {
  schema: 'the schema',
  results: 'the answers',
  all: 'the schema and the answers',
}

const noSuchSource = (name: string, known: readonly string[]): AppError =>
  new AppError('unknown_source', `There is no source ${name}.`, {
    hint: choices(name, 'Sources', known),
  })
