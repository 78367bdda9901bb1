import type { App } from '../app/app.ts'
import type { AppError } from '../base/error.ts'
import type { Terminal } from './terminal.ts'

/** Reaches every source, which warms it, and tells of those that cannot be. */
export async function noteUnreachable(
  app: App,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<ReadonlyMap<string, AppError>> {
  const errors = await app.unreachable(signal)
  for (const [name, { message, detail, hint }] of errors)
    terminal.note(`vitrine: the source ${name} is not available. ${detail ?? `${message} ${hint}`}`)
  if (app.apis.size === 0) return errors
  const { probe } = await import('../apis/probe.ts')
  await Promise.all(
    [...app.apis].map(async ([name, { open }]) => {
      const { level, message, remedy = '' } = await probe(await open(), signal)
      if (level === 'warning' && !signal.aborted)
        terminal.note(`vitrine: the API ${name}: ${message} ${remedy}`.trimEnd())
    }),
  )
  return errors
}
