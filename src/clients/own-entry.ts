/** Which entries of a client's configuration start this program. */
import type { Entry } from './edit.ts'

/** How this very program is started. */
export interface OwnCommand {
  readonly command: string
  readonly args: readonly string[]
}

/**
 * What an entry serves, where it starts Vitrine: this very installation, another one, or npx.
 * Undefined for everybody else's entries.
 */
export function servedBy(entry: unknown, own: OwnCommand): string | undefined {
  const { command, args } = (entry ?? {}) as Partial<Entry>
  if (typeof command !== 'string' || !Array.isArray(args)) return undefined
  const words = [command, ...args.map(String)]
  const serve = words.indexOf('serve', 1)
  const program = words[serve - 1] ?? ''
  const isOwn = program === own.args.at(-1) || isVitrine(program)
  return serve > 0 && isOwn ? words[serve + 1] : undefined
}

/** `vitrine`, `vitrine@1.2.3`, `…/bin/vitrine`, and main.js in a folder that is called after it. */
const isVitrine = (program: string): boolean =>
  /(?:^|[\\/])vitrine(?:@[^\\/]*|\.cmd)?$|[\\/][^\\/]*vitrine[^\\/]*[\\/](?:dist[\\/])?cli[\\/]main\.js$/i.test(
    program,
  )
