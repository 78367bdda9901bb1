import type { HttpConfig } from '../config/config.ts'
import type { Terminal } from './terminal.ts'

/** Tells whoever starts the server what is wrong or unsound about who may come in. */
export async function noteDoor({ auth }: HttpConfig, terminal: Terminal): Promise<void> {
  if (auth === undefined) return
  const { examineAuth } = await import('../edge/auth/examine.ts')
  for (const { level, message, remedy = '' } of await examineAuth(auth))
    if (level !== 'ok') terminal.note(`vitrine: ${level}: ${message} ${remedy}`.trimEnd())
}
