import type { App } from '../app/app.ts'

/** For all tools together; a database that takes longer is not waited for. */
const checkMs = 10_000

/**
 * Leaves out the tools whose statements do not fit their databases, and tells of them. Before anything is
 * served: a client asks for the list once.
 */
export async function leaveOutBroken(
  app: Pick<App, 'brokenTools' | 'dropTools'>,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const broken = await app.brokenTools(AbortSignal.any([signal, AbortSignal.timeout(checkMs)]))
  for (const [name, [flaw]] of broken)
    note(
      `vitrine: the tool ${name} is left out. ${flaw?.path.join('.')}: ${flaw?.message} \`vitrine check\` shows the place.`,
    )
  app.dropTools(broken.keys())
}
