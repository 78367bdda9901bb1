import { fileURLToPath } from 'node:url'

/** How this very program is started again, wherever it is installed. */
export const ownCommand = (): { readonly command: string; readonly args: readonly string[] } => ({
  command: process.execPath,
  args: [fileURLToPath(new URL('main.js', import.meta.url))],
})
