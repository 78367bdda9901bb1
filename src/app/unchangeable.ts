import { AppError } from '../base/error.ts'
import type { Config, HttpConfig } from '../config/config.ts'

/** Keys of `http` that are read once, by whoever begins to listen. */
const readOnce: Readonly<Partial<Record<keyof HttpConfig, string>>> = {
  listen: 'http.listen',
  url: 'http.url',
  hosts: 'http.hosts',
  origins: 'http.origins',
  legacySse: 'http.legacy_sse',
  workers: 'http.workers',
  metrics: 'http.metrics',
  drainMs: 'http.drain',
}

const differs = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) !== JSON.stringify(other)

/** What changed and takes effect at the next start only, as it is written. */
export function restartKeys(before: Config, next: Config): string[] {
  const keys = Object.entries(readOnce) as [keyof HttpConfig, string][]
  return [
    ...(before.name === next.name ? [] : ['name']),
    ...keys.flatMap(([key, written]) =>
      differs(before.http[key], next.http[key]) ? [written] : [],
    ),
  ]
}

/** The next edition as far as it can be served now. */
export const withoutRestart = (before: Config, next: Config): Config => ({
  ...next,
  name: before.name,
  http: { ...before.http, auth: next.http.auth },
})

/**
 * Whether there is auth at all has decided where the server may listen.
 *
 * @throws AppError `config_invalid`
 */
export function refuseUnchangeable(before: Config, next: Config): void {
  if ((before.http.auth === undefined) === (next.http.auth === undefined)) return
  throw new AppError('config_invalid', 'http.auth can be changed, not added or taken away.', {
    hint: 'Start the server again.',
  })
}
